//! The calls that open a socket, known by the library they come from, and the addresses they are given.

use super::evaluate::Evaluator;
use super::modules::Scripts;
use super::project::Delivery;
use super::value::{Alternatives, Env, Global, Site, Value};
use crate::model::endpoint::Endpoint;
use crate::parse::script::Module;
use crate::parse::script::syntax::{Candidate, ExprId, ExprKind};
use crate::resolve::{Piece, Provenance, Text};
use crate::source::{FileId, Span};

/// Where a call takes the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// The argument at this place.
    Argument(usize),
    /// A property of the first argument.
    Option(&'static str),
    /// `wsHost` and `wsPort` of the options, wherever they stand.
    HostAndPort,
}

/// Every socket that the modules open, in the order of files and places.
pub(crate) fn endpoints(scripts: &Scripts<'_>) -> Vec<Endpoint> {
    use rayon::prelude::*;
    scripts
        .candidates()
        .par_iter()
        .flat_map_iter(|(file, module)| {
            let mut found: Vec<Endpoint> = module
                .candidates
                .iter()
                .filter_map(|candidate| endpoint(scripts, *file, module, candidate))
                .collect();
            match (!found.is_empty()).then(|| shipped(scripts, *file, module)).flatten() {
                Some(why) => found.iter_mut().for_each(|endpoint| endpoint.shipped.clone_from(&why)),
                None => found.clear(),
            }
            found
        })
        .collect()
}

/// Why a module is held to run in a browser. `None` where it does not.
fn shipped(scripts: &Scripts<'_>, file: FileId, module: &Module) -> Option<String> {
    match scripts.delivery(file, module) {
        Delivery::Browser(why) => Some(why.into_owned()),
        Delivery::Unknown => Some("nothing says that it runs elsewhere".to_owned()),
        Delivery::Server(_) | Delivery::Development(_) => None,
    }
}

fn endpoint(scripts: &Scripts<'_>, file: FileId, module: &Module, candidate: &Candidate) -> Option<Endpoint> {
    let (callee, arguments, made) = match &module[candidate.expr].kind {
        ExprKind::Call(callee, arguments) => (*callee, arguments, false),
        ExprKind::New(callee, arguments) => (*callee, arguments, true),
        _ => return None,
    };
    let site = Site { file, expr: candidate.expr, env: Env::default() };
    let takes = opener(scripts, &site, module, callee, arguments, made)?;
    let mut evaluator = Evaluator::new(scripts);
    evaluator.conditions(&site, module, candidate.guard, None)?;
    let at = Span::new(file, module[candidate.expr].range());
    let values = match takes {
        Takes::Argument(index) => evaluator.expr(&site.beside(*arguments.get(index)?)),
        Takes::Option(name) => evaluator.option(&site.beside(*arguments.first()?), name),
        Takes::HostAndPort => host_and_port(&mut evaluator, &site, arguments, at),
    };
    let urls = texts(&mut evaluator, values, at);
    let name = module.last_name(callee).unwrap_or("socket");
    let opener = if made { format!("`new {name}`") } else { format!("`{name}`") };
    (!urls.is_empty()).then(|| Endpoint { at, opener: opener.into(), urls, shipped: String::new() })
}

fn texts(evaluator: &mut Evaluator<'_>, values: Alternatives, at: Span) -> Vec<Text> {
    let mut texts = Vec::new();
    for value in values {
        match value.value {
            // Some take a function that gives the address.
            Value::Function(file, function, env) => {
                let values = evaluator.call_function(file, function, &env, Vec::new(), at);
                texts.extend(values.iter().map(|value| value.value.to_text(at)));
            }
            Value::Nothing | Value::Bool(_) | Value::Object(_) | Value::Array(_) => {}
            value => texts.push(value.to_text(at)),
        }
    }
    texts.dedup();
    texts
}

fn host_and_port(
    evaluator: &mut Evaluator<'_>,
    site: &Site,
    arguments: &[ExprId],
    at: Span,
) -> Vec<super::value::Alternative> {
    let mut all = Vec::new();
    for &argument in arguments {
        let options = site.beside(argument);
        let hosts = evaluator.option(&options, "wsHost");
        for port_name in ["wsPort", "wssPort"] {
            let ports = evaluator.option(&options, port_name);
            for host in &hosts {
                for port in &ports {
                    let Some(when) = host.when.and(&port.when) else { continue };
                    let mut url = Text::empty();
                    url.push(Piece::Literal("//".into(), Provenance::at(at)));
                    url.append(&host.value.to_text(at));
                    url.push(Piece::Literal(":".into(), Provenance::at(at)));
                    url.append(&port.value.to_text(at));
                    all.push(super::value::Alternative { value: Value::Text(url), when });
                }
            }
        }
    }
    all
}

/// What the callee opens, if anything.
fn opener(
    scripts: &Scripts<'_>,
    site: &Site,
    module: &Module,
    callee: ExprId,
    arguments: &[ExprId],
    made: bool,
) -> Option<Takes> {
    let last = module.last_name(callee);
    let imports = |part: &str| module.requests.iter().any(|request| request.specifier.contains(part));
    if last == Some("withUrl") && imports("signalr") {
        return Some(Takes::Argument(0));
    }
    let mut evaluator = Evaluator::new(scripts);
    if last == Some("use") && arguments.len() >= 2 {
        let plugin = evaluator.expr(&site.beside(*arguments.first()?));
        let opens = plugin.iter().any(
            |value| matches!(&value.value, Value::External(specifier, _) if specifier.contains("socket")),
        );
        return opens.then_some(Takes::Argument(1));
    }
    evaluator.expr(&site.beside(callee)).into_iter().find_map(|value| match &value.value {
        Value::Global(Global::Named(name)) => global_opener(name, made),
        Value::External(specifier, name) => library_opener(specifier, name, made),
        Value::Method(base, name) => match &**base {
            Value::Global(Global::Named(base)) => match (&**base, &**name) {
                ("Stomp" | "webstomp", "client") | ("io", "connect") => Some(Takes::Argument(0)),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn global_opener(name: &str, made: bool) -> Option<Takes> {
    match (name, made) {
        ("WebSocket" | "ReconnectingWebSocket" | "SockJS" | "MozWebSocket" | "SubscriptionClient", true)
        | ("io", false) => Some(Takes::Argument(0)),
        ("Pusher" | "Echo", true) => Some(Takes::HostAndPort),
        _ => None,
    }
}

/// Something that a package exports and that opens a socket.
struct Opener {
    packages: &'static [&'static str],
    /// The exported names; empty for all.
    names: &'static [&'static str],
    /// Whether it is a class.
    made: Option<bool>,
    takes: Takes,
}

const fn opener_of(
    packages: &'static [&'static str],
    names: &'static [&'static str],
    made: Option<bool>,
    takes: Takes,
) -> Opener {
    Opener { packages, names, made, takes }
}

const OPENERS: &[Opener] = &[
    opener_of(&["graphql-ws"], &["createClient"], Some(false), Takes::Option("url")),
    opener_of(
        &["apollo-link-ws", "@apollo/client/link/ws", "@apollo/link-ws"],
        &["WebSocketLink"],
        Some(true),
        Takes::Option("uri"),
    ),
    opener_of(&["subscriptions-transport-ws"], &["SubscriptionClient"], Some(true), Takes::Argument(0)),
    opener_of(
        &["@stomp/stompjs", "@stomp/rx-stomp", "@stomp/ng2-stompjs"],
        &["Client", "RxStomp"],
        Some(true),
        Takes::Option("brokerURL"),
    ),
    opener_of(
        &["@stomp/stompjs", "stompjs", "webstomp-client"],
        &["client"],
        Some(false),
        Takes::Argument(0),
    ),
    opener_of(&["pusher-js", "laravel-echo"], &[], Some(true), Takes::HostAndPort),
    opener_of(
        &[
            "isomorphic-ws",
            "partysocket/ws",
            "phoenix",
            "reconnecting-websocket",
            "reconnectingwebsocket",
            "robust-websocket",
            "sockette",
            "websocket-as-promised",
        ],
        &[],
        Some(true),
        Takes::Argument(0),
    ),
    opener_of(&["sockjs-client", "sockjs-client/dist/sockjs"], &[], None, Takes::Argument(0)),
    opener_of(&["websocket"], &["w3cwebsocket"], Some(true), Takes::Argument(0)),
    opener_of(
        &["socket.io-client"],
        &["default", "io", "connect", "lookup", "Manager", "*"],
        None,
        Takes::Argument(0),
    ),
    opener_of(
        &["react-use-websocket", "@vueuse/core"],
        &["default", "useWebSocket", "useSocketIO"],
        Some(false),
        Takes::Argument(0),
    ),
    opener_of(
        &["rxjs", "rxjs/webSocket", "rxjs/websocket", "rxjs/observable/dom/webSocket"],
        &["webSocket"],
        Some(false),
        Takes::Argument(0),
    ),
    opener_of(&["y-websocket"], &["WebsocketProvider"], Some(true), Takes::Argument(0)),
    opener_of(&["@rails/actioncable"], &["createConsumer"], Some(false), Takes::Argument(0)),
];

fn library_opener(specifier: &str, name: &str, made: bool) -> Option<Takes> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let opener = OPENERS.iter().find(|opener| {
        opener.packages.contains(&specifier)
            && (opener.names.is_empty() || opener.names.contains(&last))
            && opener.made.is_none_or(|class| class == made)
    })?;
    Some(opener.takes)
}
