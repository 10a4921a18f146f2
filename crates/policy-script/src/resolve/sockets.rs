//! The sockets that modules open, with the addresses they are given in production.

use policy_text::source::{FileId, Span};
use policy_text::value::{Origin, PagePart, Piece, Provenance, Text};

use super::call_chain::{self, CallChain, KnownCalls, Limits};
use super::callers;
use super::endpoint::{self, ClientCode, Endpoint, Host};
use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::socket_calls;
use super::task::{self, Task};
use super::tooling::Delivery;
use super::value::{Case, Cases, Env, Global, Site, Value, one, under};
use crate::openers::{ADDRESS_PROPERTIES, Takes};
use crate::parse::Module;
use crate::parse::syntax::{Candidate, ExprId, GuardId};

/// How far calls are followed for one socket.
const LIMITS: Limits = Limits { chains: 48, calls: callers::Limits { calls: 16, modules: 64 } };

/// Every socket that the modules open in a browser, in the order of files and places.
pub fn endpoints(scripts: &Scripts<'_>) -> Vec<Endpoint> {
    let candidates: Vec<(FileId, &Module)> =
        scripts.candidates().iter().map(|(file, module)| (*file, module)).collect();
    task::for_each(scripts, &candidates, endpoints_of).into_iter().flatten().collect()
}

fn endpoints_of(task: &Task<'_>, file: FileId, module: &Module) -> Vec<Endpoint> {
    let mut found = Vec::new();
    let known = KnownCalls::default();
    let mut known_code = None;
    for candidate in &module.candidates {
        let call = SocketCall::of(task, file, module, candidate);
        // Most of the work is in following addresses, and most modules that open sockets for others do not ship.
        if call.is_some() && known_code.is_none() {
            known_code = code(task.scripts, file, module);
            if known_code.is_none() {
                break;
            }
        }
        let endpoint = match (&call, &known_code) {
            (Some(call), Some(code)) => endpoint(task, &known, module, call, code),
            _ => None,
        };
        if task.is_spent_at(Span::new(file, module[candidate.expr].range()), "sockets") {
            break;
        }
        found.extend(endpoint);
    }
    found
}

/// A candidate that opens a socket.
struct SocketCall<'m> {
    site: Site,
    guard: Option<GuardId>,
    arguments: &'m [ExprId],
    takes: Takes,
    /// For messages: "`new WebSocket`", "`io`".
    opener: String,
}

impl<'m> SocketCall<'m> {
    fn of(task: &Task<'_>, file: FileId, module: &'m Module, candidate: &Candidate) -> Option<Self> {
        let invocation = module.invocation(candidate.expr)?;
        let site = Site { file, expr: candidate.expr, env: Env::default() };
        let takes = if candidate.is_element {
            socket_calls::takes_of_element(module, invocation.callee)?
        } else {
            socket_calls::takes(task, &site, module, invocation)?
        };
        let opener = module.shown(invocation, "socket");
        Some(Self { site, guard: candidate.guard, arguments: invocation.arguments, takes, opener })
    }
}

/// Where a module runs. `None` where that is no browser.
pub(super) fn code(scripts: &Scripts<'_>, file: FileId, module: &Module) -> Option<ClientCode> {
    let shipped = match scripts.delivery(file, module) {
        Delivery::Browser(why) => Some(why.into_owned()),
        // Where there is no package at all, a script is most likely one that a page loads.
        Delivery::Unknown => {
            (!scripts.tooling.has_package(file)).then(|| "nothing says that it runs elsewhere".to_owned())
        }
        Delivery::Server(_) | Delivery::Development(_) => return None,
    };
    if scripts.is_left_out(file) {
        return None;
    }
    let client = scripts.client(file, module);
    Some(ClientCode { shipped, client, development_guard: scripts.tooling.development_guard(file) })
}

fn endpoint(
    task: &Task<'_>,
    known: &KnownCalls,
    module: &Module,
    call: &SocketCall<'_>,
    code: &ClientCode,
) -> Option<Endpoint> {
    let at = Span::new(call.site.file, module[call.site.expr].range());
    let mut urls = Vec::new();
    // A function that is given the address: what its callers give counts, and what theirs do.
    let collect = |chain: &CallChain| {
        let site = Site { env: chain.env(), ..call.site.clone() };
        collect(task, &site, call)
    };
    call_chain::follow(task, known, LIMITS, collect, |_, found, has_more| {
        // Where there are more, some call may leave the parameters to their defaults.
        // What is kept takes memory for as long as the check runs.
        task.budget.spend(found.iter().map(|url| url.pieces().len()).sum()).ok();
        add(&mut urls, found);
        if has_more {
            urls.push(LIMITS.unfollowed(at));
        }
    });
    let opener = call.opener.clone().into();
    let takes_port_apart = matches!(call.takes, Takes::HostAndPort { .. } | Takes::HostThenPort);
    (!urls.is_empty()).then(|| Endpoint { at, opener, urls, takes_port_apart, code: code.clone() })
}

fn add(urls: &mut Vec<Text>, found: Vec<Text>) {
    for url in found {
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
}

/// The addresses that a call can be given, and the functions whose parameters would have to be known for them.
fn collect(task: &Task<'_>, site: &Site, call: &SocketCall<'_>) -> (Vec<Text>, callers::Functions) {
    let nothing = || (Vec::new(), callers::Functions::new());
    let &SocketCall { arguments, takes, .. } = call;
    let scripts = task.scripts;
    let mut evaluation = task.evaluation();
    let at = evaluation.span(site);
    let Some(module) = scripts.module(site.file) else { return nothing() };
    let Some(when) = evaluation.conditions(site, module, call.guard, None) else {
        return nothing();
    };
    let argument = |index: usize| arguments.get(index).map(|&argument| site.beside(argument));
    let values = match takes {
        Takes::Argument(index) => argument(index).map(|site| evaluation.expr(&site)),
        Takes::ArgumentOrCable => argument(0).map(|site| evaluation.expr(&site)).or_else(|| {
            let address = scripts.tooling.cable_address(site.file)?;
            Some(one(Value::Text(address)))
        }),
        Takes::Option(name) => argument(0).map(|site| evaluation.option(&site, name)),
        Takes::OptionWithin(outer, name) => argument(0).map(|site| {
            let at = evaluation.span(&site);
            let within = evaluation.option(&site, outer);
            within.iter().flat_map(|object| evaluation.property(&object.value, name, at)).collect()
        }),
        Takes::HostThenPort => {
            let hosts = argument(0).map(|site| evaluation.expr(&site));
            match arguments {
                [_, port, _, ..] => {
                    let ports = evaluation.expr(&site.beside(*port));
                    hosts.map(|hosts| hosts_with_ports(&hosts, &ports, at))
                }
                _ => hosts,
            }
        }
        Takes::HostAndPort { host, ports, both } => {
            let mut all = host_and_port(&mut evaluation, site, arguments, host, ports);
            if let Some(name) = both {
                all.extend(
                    arguments.iter().flat_map(|&options| evaluation.option(&site.beside(options), name)),
                );
            }
            Some(all)
        }
        Takes::SocketAddress => argument(0).map(|site| {
            let mut values = evaluation.expr(&site);
            values.retain(|value| is_socket_address(&value.value));
            values
        }),
    };
    let addresses = addresses(&mut evaluation, values.unwrap_or_default(), at);
    let found: Vec<Text> = addresses
        .into_iter()
        .map(|address| (address.value.to_text(at), when.is_unlikely() || address.when.is_unlikely()))
        // Whoever chooses a local address for pages that are not public, or come without TLS, means development; and `ws:`
        // to the host of a page that comes without TLS is right.
        .filter(|(url, unlikely)| {
            !unlikely || !(names_developers_machine(url) || endpoint::is_plain_to_own_host(url))
        })
        .map(|(url, _)| url)
        .collect();
    let is_open = found.is_empty() || found.iter().any(|url| endpoint::undecided(url).is_some());
    let asks_callers = is_open && takes != Takes::SocketAddress;
    (found, if asks_callers { evaluation.entered_by_none } else { callers::Functions::new() })
}

fn names_developers_machine(url: &Text) -> bool {
    let host = Host::of(&endpoint::address(url));
    matches!(host, Host::Local | Host::Developers(_) | Host::Private(_))
}

/// Values that are addresses, or hold them: some openers take a function that gives the address, or an object.
fn addresses(evaluation: &mut Evaluation<'_>, values: Cases, at: Span) -> Cases {
    let mut all = Vec::new();
    for Case { value, when } in values {
        let given = match &value {
            Value::Function(file, function, env) => {
                evaluation.call_function(*file, *function, env, Vec::new(), at)
            }
            Value::Object(_) => ADDRESS_PROPERTIES
                .iter()
                .flat_map(|name| evaluation.property(&value, name, at))
                .filter(|value| !matches!(value.value, Value::Nothing))
                .collect(),
            // Servers of which the client takes any.
            Value::Array(servers) => evaluation.elements(servers),
            Value::Nothing | Value::Bool(_) | Value::Global(Global::Native) => continue,
            _ => one(value),
        };
        all.extend(under(given, &when));
    }
    all
}

/// The addresses of a host and a port that stand in the options, whichever argument they are. Of several ports the first
/// that is given counts: that for pages over TLS goes before the other, which then is never used.
fn host_and_port(
    evaluation: &mut Evaluation<'_>,
    site: &Site,
    arguments: &[ExprId],
    host_name: &str,
    port_names: &[&str],
) -> Cases {
    let at = evaluation.span(site);
    let mut all = Vec::new();
    for &argument in arguments {
        let options = site.beside(argument);
        let hosts = evaluation.option(&options, host_name);
        let mut ports = port_names.iter().map(|name| evaluation.option(&options, name));
        let ports = ports.find(|ports| !ports.is_empty()).unwrap_or_default();
        all.extend(hosts_with_ports(&hosts, &ports, at));
    }
    all
}

/// Each host with each port behind it, where their conditions agree.
fn hosts_with_ports(hosts: &[Case], ports: &[Case], at: Span) -> Cases {
    let pairs = ports.iter().flat_map(|port| hosts.iter().map(move |host| (host, port)));
    let addresses = pairs.filter_map(|(host, port)| {
        let when = host.when.and(&port.when)?;
        let mut url = Text::empty();
        url.push(Piece::Literal("//".into(), Provenance::at(at)));
        url.append(&host_text(&host.value, at));
        url.push(Piece::Literal(":".into(), Provenance::at(at)));
        url.append(&port.value.to_text(at));
        Some(Case { value: Value::Text(url), when })
    });
    addresses.collect()
}

fn is_socket_address(value: &Value) -> bool {
    let Value::Text(text) = value else { return false };
    text.starts_with("ws:") || text.starts_with("wss:")
}

/// The host in an option, where a slash stands for the page's own.
fn host_text(host: &Value, at: Span) -> Text {
    let text = host.to_text(at);
    match text.known().as_deref() {
        Some("/") => Text::hole(Origin::Page(PagePart::Hostname), at),
        _ => text,
    }
}
