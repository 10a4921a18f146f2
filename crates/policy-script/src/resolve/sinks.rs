//! The sockets that modules open, with the addresses they are given in production.

use std::collections::VecDeque;

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, PagePart, Piece, Provenance, Text};
use rayon::prelude::*;

use super::callers;
use super::endpoint::{self, Endpoint, Host, Runtime};
use super::evaluate::Evaluator;
use super::modules::Scripts;
use super::project::Delivery;
use super::socket_calls;
use super::value::{Alternative, Alternatives, Env, Global, Site, Value, one, under};
use super::way::Way;
use crate::openers::{ADDRESS_PROPERTIES, Takes};
use crate::parse::Module;
use crate::parse::syntax::{Candidate, ExprId, ExprKind, FunctionId, GuardId};

/// Ways into the function that opens a socket that are followed for one socket.
const MAX_WAYS: usize = 48;

/// Every socket that the modules open in a browser, in the order of files and places.
pub fn endpoints(scripts: &Scripts<'_>) -> Vec<Endpoint> {
    scripts
        .candidates()
        .par_iter()
        .flat_map_iter(|(file, module)| endpoints_of(scripts, *file, module))
        .collect()
}

fn endpoints_of(scripts: &Scripts<'_>, file: FileId, module: &Module) -> Vec<Endpoint> {
    let mut openings =
        module.candidates.iter().filter_map(|candidate| Opening::of(scripts, file, module, candidate));
    let Some(first) = openings.next() else { return Vec::new() };
    // Most of the work is in following addresses, and most modules that open sockets for others do not ship.
    let Some(runtime) = runtime(scripts, file, module) else { return Vec::new() };
    std::iter::once(first)
        .chain(openings)
        .filter_map(|opening| endpoint(scripts, module, &opening, &runtime))
        .collect()
}

/// A candidate that opens a socket.
struct Opening<'m> {
    site: Site,
    guard: Option<GuardId>,
    arguments: &'m [ExprId],
    takes: Takes,
    /// For messages: "`new WebSocket`", "`io`".
    opener: String,
}

impl<'m> Opening<'m> {
    fn of(scripts: &Scripts<'_>, file: FileId, module: &'m Module, candidate: &Candidate) -> Option<Self> {
        let (callee, arguments, made) = match &module[candidate.expr].kind {
            ExprKind::Call(callee, arguments) => (*callee, arguments, false),
            ExprKind::New(callee, arguments) => (*callee, arguments, true),
            _ => return None,
        };
        let site = Site { file, expr: candidate.expr, env: Env::default() };
        let takes = if candidate.is_element {
            socket_calls::takes_of_element(module, callee)?
        } else {
            socket_calls::takes(scripts, &site, module, callee, arguments, made)?
        };
        let name = module.last_name(callee).unwrap_or("socket");
        let opener = if made { format!("`new {name}`") } else { format!("`{name}`") };
        Some(Self { site, guard: candidate.guard, arguments, takes, opener })
    }
}

/// Where a module runs. `None` where that is no browser.
fn runtime(scripts: &Scripts<'_>, file: FileId, module: &Module) -> Option<Runtime> {
    let shipped = match scripts.delivery(file, module) {
        Delivery::Browser(why) => Some(why.into_owned()),
        // Where there is no package at all, a script is most likely one that a page loads.
        Delivery::Unknown => {
            (!scripts.project.has_package(file)).then(|| "nothing says that it runs elsewhere".to_owned())
        }
        Delivery::Server(_) | Delivery::Development(_) => return None,
    };
    let client = scripts.client(file, module);
    Some(Runtime { shipped, client, development_guard: scripts.project.development_guard(file) })
}

fn endpoint(
    scripts: &Scripts<'_>,
    module: &Module,
    opening: &Opening<'_>,
    runtime: &Runtime,
) -> Option<Endpoint> {
    let at = Span::new(opening.site.file, module[opening.site.expr].range());
    let mut urls = Vec::new();
    // A function that is given the address: what its callers give counts, and what theirs do.
    let mut ways = VecDeque::from([Way::default()]);
    let mut followed = 0;
    while let Some(way) = ways.pop_front() {
        let site = Site { env: way.env(), ..opening.site.clone() };
        let entered_by_none = collect(scripts, &site, opening, &mut urls);
        if !way.may_go_on() {
            continue;
        }
        let Some((entered, calls)) = first_called(scripts, entered_by_none) else { continue };
        followed += calls.given.len();
        if calls.more || followed > MAX_WAYS {
            let why = format!("only the first {} calls that give it are followed", callers::MAX_CALLS);
            urls.push(Text::hole(Origin::Other(why.into()), at));
        }
        if followed <= MAX_WAYS {
            ways.extend(calls.given.into_iter().map(|arguments| way.by(entered, arguments)));
        }
    }
    let opener = opening.opener.clone().into();
    (!urls.is_empty()).then(|| Endpoint { at, opener, urls, runtime: runtime.clone() })
}

/// The first of `functions` that is called anywhere, and its calls.
fn first_called(
    scripts: &Scripts<'_>,
    functions: callers::Functions,
) -> Option<((FileId, FunctionId), callers::Calls)> {
    functions.into_iter().find_map(|(file, function)| {
        let calls = callers::calls_of(scripts, file, function);
        (!calls.given.is_empty() || calls.more).then_some(((file, function), calls))
    })
}

/// Adds the addresses that a call can be given. Returns the functions whose parameters would have to be known for them.
fn collect(
    scripts: &Scripts<'_>,
    site: &Site,
    opening: &Opening<'_>,
    urls: &mut Vec<Text>,
) -> callers::Functions {
    let &Opening { arguments, takes, .. } = opening;
    let mut evaluator = Evaluator::new(scripts);
    let at = evaluator.span(site);
    let Some(module) = scripts.module(site.file) else { return callers::Functions::new() };
    let Some(when) = evaluator.conditions(site, module, opening.guard, None) else {
        return callers::Functions::new();
    };
    let argument = |index: usize| arguments.get(index).map(|&argument| site.beside(argument));
    let values = match takes {
        Takes::Argument(index) => argument(index).map(|site| evaluator.expr(&site)),
        Takes::Option(name) => argument(0).map(|site| evaluator.option(&site, name)),
        Takes::HostAndPort { host, ports, both } => {
            let mut all = host_and_port(&mut evaluator, site, arguments, host, ports);
            for name in both {
                all.extend(
                    arguments.iter().flat_map(|&options| evaluator.option(&site.beside(options), name)),
                );
            }
            Some(all)
        }
        Takes::SocketAddress => argument(0).map(|site| {
            let mut values = evaluator.expr(&site);
            values.retain(|value| is_socket_address(&value.value));
            values
        }),
    };
    let addresses = addresses(&mut evaluator, values.unwrap_or_default(), at);
    let found: Vec<Text> = addresses
        .into_iter()
        .map(|address| (address.value.to_text(at), when.is_unlikely() || address.when.is_unlikely()))
        // Whoever chooses a local address for pages that are not public, or come without TLS, means development.
        .filter(|(url, unlikely)| !unlikely || !names_developers_machine(url))
        .map(|(url, _)| url)
        .collect();
    let is_open = found.is_empty() || found.iter().any(|url| endpoint::undecided(url).is_some());
    for url in found {
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    if is_open && takes != Takes::SocketAddress {
        evaluator.entered_by_none
    } else {
        callers::Functions::new()
    }
}

fn names_developers_machine(url: &Text) -> bool {
    let host = Host::of(&endpoint::address(url));
    matches!(host, Host::Local | Host::Developers(_) | Host::Private(_))
}

/// Values that are addresses, or hold them: some openers take a function that gives the address, or an object.
fn addresses(evaluator: &mut Evaluator<'_>, values: Alternatives, at: Span) -> Alternatives {
    let mut all = Vec::new();
    for Alternative { value, when } in values {
        let given = match &value {
            Value::Function(file, function, env) => {
                evaluator.call_function(*file, *function, env, Vec::new(), at)
            }
            Value::Object(_) => ADDRESS_PROPERTIES
                .iter()
                .flat_map(|name| evaluator.property(&value, name, at))
                .filter(|value| !matches!(value.value, Value::Nothing))
                .collect(),
            Value::Nothing | Value::Bool(_) | Value::Array(_) | Value::Global(Global::Native) => continue,
            _ => one(value),
        };
        all.extend(under(given, &when));
    }
    all
}

/// The addresses of a host and a port that stand in the options, whichever argument they are. Of several ports the first
/// that is given counts: that for pages over TLS goes before the other, which then is never used.
fn host_and_port(
    evaluator: &mut Evaluator<'_>,
    site: &Site,
    arguments: &[ExprId],
    host_name: &str,
    port_names: &[&str],
) -> Alternatives {
    let at = evaluator.span(site);
    let mut all = Vec::new();
    for &argument in arguments {
        let options = site.beside(argument);
        let hosts = evaluator.option(&options, host_name);
        let mut ports = port_names.iter().map(|name| evaluator.option(&options, name));
        for port in ports.find(|ports| !ports.is_empty()).unwrap_or_default() {
            for host in &hosts {
                let Some(when) = host.when.and(&port.when) else { continue };
                let mut url = Text::empty();
                url.push(Piece::Literal("//".into(), Provenance::at(at)));
                url.append(&host_text(&host.value, at));
                url.push(Piece::Literal(":".into(), Provenance::at(at)));
                url.append(&port.value.to_text(at));
                all.push(Alternative { value: Value::Text(url), when });
            }
        }
    }
    all
}

fn is_socket_address(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    let start = text.known_prefix();
    start.starts_with("ws:") || start.starts_with("wss:")
}

/// The host in an option, where a slash stands for the page's own.
fn host_text(host: &Value, at: Span) -> Text {
    let text = host.to_text(at);
    match text.known().as_deref() {
        Some("/") => Text::hole(Origin::Page(PagePart::Hostname), at),
        _ => text,
    }
}
