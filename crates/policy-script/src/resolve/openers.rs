//! The calls that open a socket, known by the library that they come from.

use super::evaluate::Evaluator;
use super::modules::Scripts;
use super::value::{Global, Site, Value};
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind};

/// Classes that extend each other.
const MAX_PARENTS: usize = 8;

/// Where a call takes the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// The argument at this place.
    Argument(usize),
    /// A property of the first argument.
    Option(&'static str),
    /// `wsHost` and `wsPort` of the options, wherever they stand; `host` where socket.io is the broadcaster.
    PusherOptions,
    /// `host` and `port` of the options, wherever they stand.
    PeerOptions,
    /// The first argument, where it has the scheme of a socket: the library is not known.
    SocketAddress,
}

/// Where a call takes the address of the socket that it opens. `None` where it opens none.
pub(super) fn takes(
    scripts: &Scripts<'_>,
    site: &Site,
    module: &Module,
    callee: ExprId,
    arguments: &[ExprId],
    made: bool,
) -> Option<Takes> {
    if !may_open(module, callee, made) {
        return None;
    }
    let last = module.last_name(callee);
    // Methods of an object that a library made are known by their names.
    let imports = |part: &str| module.requests.iter().any(|request| request.specifier.contains(part));
    match last {
        Some("withUrl") => return imports("signalr").then_some(Takes::Argument(0)),
        Some("brokerURL") => return imports("stomp").then_some(Takes::Argument(0)),
        Some("configure") => return imports("stomp").then_some(Takes::Option("brokerURL")),
        _ => {}
    }
    let mut evaluator = Evaluator::of_callee(scripts);
    if last == Some("use") {
        let plugin = evaluator.expr(&site.beside(*arguments.first()?));
        let opens =
            |value: &Value| matches!(value, Value::External(specifier, _) if specifier.contains("socket"));
        return plugin.iter().any(|plugin| opens(&plugin.value)).then_some(Takes::Argument(1));
    }
    let callees = evaluator.expr(&site.beside(callee));
    callees.iter().find_map(|callee| taken_by(&mut evaluator, &callee.value, made, 0))
}

/// Packages whose components open a socket to their `url`.
const COMPONENTS: [&str; 5] =
    ["react-stomp", "react-stomp-hooks", "use-socketio", "react-websocket", "react-actioncable-provider"];

/// Where an element of a component takes the address: components are many, so only those imported from a package that
/// is known are looked at.
pub(super) fn takes_of_element(module: &Module, component: ExprId) -> Option<Takes> {
    let ExprKind::Name(used) = &module[component].kind else { return None };
    let ExprKind::Import(request, _) = module.defined_as(used)? else { return None };
    COMPONENTS.contains(&&*module[*request].specifier).then_some(Takes::Option("url"))
}

/// Where a callee takes the address. A class without a constructor takes it where the class that it extends does.
fn taken_by(evaluator: &mut Evaluator<'_>, callee: &Value, made: bool, depth: usize) -> Option<Takes> {
    match callee {
        Value::Global(Global::Named(name)) => global_opener(name, made),
        Value::External(specifier, name) => {
            library_opener(specifier, name, made).or_else(|| any_opener(specifier, name, made))
        }
        Value::Method(base, name) => match &**base {
            Value::Global(Global::Named(base)) => match (&**base, &**name) {
                ("Stomp" | "webstomp", "client") | ("io", "connect") => Some(Takes::Argument(0)),
                _ => None,
            },
            _ => None,
        },
        Value::Class(file, class, env) if made && depth < MAX_PARENTS => {
            let class = &evaluator.scripts.module(*file)?[*class];
            let parent = class.extends.filter(|_| class.constructor.is_none())?;
            let parents = evaluator.expr(&Site { file: *file, expr: parent, env: env.clone() });
            parents.iter().find_map(|parent| taken_by(evaluator, &parent.value, made, depth + 1))
        }
        _ => None,
    }
}

/// Whether the callee can be an opener by its form alone: most calls are not worth a look.
fn may_open(module: &Module, callee: ExprId, made: bool) -> bool {
    match &module[callee].kind {
        ExprKind::Name(used) => match module.lookup(&used.name, used.scope) {
            None => global_opener(&used.name, made).is_some(),
            Some(binding) => {
                module[binding].definitions.iter().any(|definition| match module[definition.value].kind {
                    ExprKind::Function(_) | ExprKind::Parameter(..) => false,
                    ExprKind::Class(class) => made && module[class].constructor.is_none(),
                    _ => true,
                })
            }
        },
        ExprKind::Member(_, name) => {
            matches!(&**name, "use" | "withUrl" | "brokerURL" | "configure" | "default")
                || global_opener(name, made).is_some()
                || OPENERS.iter().any(|opener| opener.names.contains(&&**name))
        }
        ExprKind::Required(_) => true,
        _ => false,
    }
}

fn global_opener(name: &str, made: bool) -> Option<Takes> {
    match (name, made) {
        ("WebSocket" | "ReconnectingWebSocket" | "SockJS" | "MozWebSocket" | "SubscriptionClient", true)
        | ("io", false) => Some(Takes::Argument(0)),
        ("Pusher" | "Echo", true) => Some(Takes::PusherOptions),
        ("Peer", true) => Some(Takes::PeerOptions),
        _ => None,
    }
}

/// Packages whose classes take addresses only outside browsers.
const SERVER_LIBRARIES: [&str; 4] = ["ws", "url", "node:url", "whatwg-url"];

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
    opener_of(&["pusher-js", "laravel-echo"], &[], Some(true), Takes::PusherOptions),
    opener_of(
        &[
            "isomorphic-ws",
            "partysocket/ws",
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
    opener_of(&["phoenix"], &["Socket"], Some(true), Takes::Argument(0)),
    opener_of(&["vue-socket.io", "vue-3-socket.io"], &[], Some(true), Takes::Option("connection")),
    opener_of(&["colyseus.js", "@colyseus/sdk"], &["Client"], Some(true), Takes::Argument(0)),
    opener_of(&["centrifuge"], &[], Some(true), Takes::Argument(0)),
    opener_of(&["partysocket"], &[], Some(true), Takes::Option("host")),
    opener_of(&["peerjs"], &["Peer", "default"], Some(true), Takes::PeerOptions),
    opener_of(&["sockjs-client", "sockjs-client/dist/sockjs"], &[], None, Takes::Argument(0)),
    opener_of(&["ngx-socket-io"], &["forRoot", "provideSocketIo"], Some(false), Takes::Option("url")),
    opener_of(&["ngx-socket-io"], &["Socket"], Some(true), Takes::Option("url")),
    opener_of(&["@trpc/client"], &["createWSClient"], Some(false), Takes::Option("url")),
    opener_of(&["@hocuspocus/provider"], &["HocuspocusProvider"], Some(true), Takes::Option("url")),
    opener_of(&["roslib"], &["Ros"], Some(true), Takes::Option("url")),
    opener_of(&["mqtt", "mqtt/dist/mqtt"], &["connect", "connectAsync"], Some(false), Takes::Argument(0)),
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
    opener_of(&["rxjs", "rxjs/webSocket"], &["WebSocketSubject"], Some(true), Takes::Argument(0)),
    opener_of(&["y-websocket"], &["WebsocketProvider"], Some(true), Takes::Argument(0)),
    opener_of(&["@rails/actioncable"], &["createConsumer"], Some(false), Takes::Argument(0)),
];

/// A class, or a function whose name says that it connects, of a library that is not known.
fn any_opener(specifier: &str, name: &str, made: bool) -> Option<Takes> {
    let name = name.to_ascii_lowercase();
    let says = ["connect", "socket", "client"].iter().any(|word| name.contains(word));
    let is_library = !specifier.starts_with(['.', '/', '~']) && !SERVER_LIBRARIES.contains(&specifier);
    (is_library && (made || says)).then_some(Takes::SocketAddress)
}

fn library_opener(specifier: &str, name: &str, made: bool) -> Option<Takes> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let opener = OPENERS.iter().find(|opener| {
        opener.packages.contains(&specifier)
            && (opener.names.is_empty() || opener.names.contains(&last))
            && opener.made.is_none_or(|class| class == made)
    })?;
    Some(opener.takes)
}
