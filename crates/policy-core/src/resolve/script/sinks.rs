//! The sockets that modules open, with the addresses they are given in production.

use std::collections::VecDeque;

use rayon::prelude::*;

use super::callers;
use super::evaluate::Evaluator;
use super::modules::Scripts;
use super::openers::{self, Takes};
use super::project::Delivery;
use super::value::{Alternative, Alternatives, Env, Global, Site, Value};
use super::way::Way;
use crate::model::endpoint::{self, Endpoint, Host, Runtime};
use crate::parse::script::Module;
use crate::parse::script::syntax::{Candidate, ExprId, ExprKind, FunctionId};
use crate::resolve::{Origin, Piece, Provenance, Text};
use crate::source::{FileId, Span};

/// Ways into the function that opens a socket that are followed for one socket.
const MAX_WAYS: usize = 48;

/// Every socket that the modules open in a browser, in the order of files and places.
pub(crate) fn endpoints(scripts: &Scripts<'_>) -> Vec<Endpoint> {
    scripts
        .candidates()
        .par_iter()
        .flat_map_iter(|(file, module)| {
            let candidates = module.candidates.iter();
            let opened: Vec<Opened> =
                candidates.filter_map(|candidate| opened(scripts, *file, module, candidate)).collect();
            let runtime = (!opened.is_empty()).then(|| runtime(scripts, *file, module)).flatten();
            let endpoints = runtime.map(|runtime| {
                let endpoint = |Opened { at, opener, urls }| Endpoint {
                    at,
                    opener: opener.into(),
                    urls,
                    runtime: runtime.clone(),
                };
                opened.into_iter().map(endpoint).collect::<Vec<_>>()
            });
            endpoints.unwrap_or_default()
        })
        .collect()
}

/// A socket that code opens, wherever that runs.
struct Opened {
    at: Span,
    opener: String,
    urls: Vec<Text>,
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

fn opened(scripts: &Scripts<'_>, file: FileId, module: &Module, candidate: &Candidate) -> Option<Opened> {
    let (callee, arguments, made) = match &module[candidate.expr].kind {
        ExprKind::Call(callee, arguments) => (*callee, arguments, false),
        ExprKind::New(callee, arguments) => (*callee, arguments, true),
        _ => return None,
    };
    let site = Site { file, expr: candidate.expr, env: Env::default() };
    let takes = openers::takes(scripts, &site, module, callee, arguments, made)?;
    let at = Span::new(file, module[candidate.expr].range());
    let mut urls = Vec::new();
    // A function that is given the address: what its callers give counts, and what theirs do.
    let mut ways = VecDeque::from([Way::default()]);
    let mut followed = 0;
    while let Some(way) = ways.pop_front() {
        let site = Site { env: way.env(), ..site.clone() };
        let entered_by_none = collect(scripts, &site, candidate, arguments, takes, &mut urls);
        let Some((entered, calls)) = first_called(scripts, entered_by_none).filter(|_| way.may_go_on())
        else {
            continue;
        };
        followed += calls.given.len();
        if calls.more || followed > MAX_WAYS {
            let why = format!("only the first {} calls that give it are followed", callers::MAX_CALLS);
            urls.push(Text::hole(Origin::Other(why.into()), at));
        }
        if followed <= MAX_WAYS {
            ways.extend(calls.given.into_iter().map(|arguments| way.by(entered, arguments)));
        }
    }
    let name = module.last_name(callee).unwrap_or("socket");
    let opener = if made { format!("`new {name}`") } else { format!("`{name}`") };
    (!urls.is_empty()).then_some(Opened { at, opener, urls })
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

/// Adds the addresses that a call can be given. Returns the functions whose parameters would have to be known.
fn collect(
    scripts: &Scripts<'_>,
    site: &Site,
    candidate: &Candidate,
    arguments: &[ExprId],
    takes: Takes,
    urls: &mut Vec<Text>,
) -> callers::Functions {
    let mut evaluator = Evaluator::new(scripts);
    let at = evaluator.span(site);
    let Some(module) = scripts.module(site.file) else { return callers::Functions::new() };
    let Some(when) = evaluator.conditions(site, module, candidate.guard, None) else {
        return callers::Functions::new();
    };
    let argument = |index: usize| arguments.get(index).map(|&argument| site.beside(argument));
    let values = match takes {
        Takes::Argument(index) => argument(index).map(|site| evaluator.expr(&site)),
        Takes::Option(name) => argument(0).map(|site| evaluator.option(&site, name)),
        Takes::HostAndPort => Some(host_and_port(&mut evaluator, site, arguments, at)),
    };
    let (hardly, likely): (Vec<_>, Vec<_>) = values
        .unwrap_or_default()
        .into_iter()
        .partition(|value| when.is_unlikely() || value.when.is_unlikely());
    // Whoever chooses a local address for pages that are not public, or come without TLS, means development.
    let hardly = texts(&mut evaluator, hardly, at).into_iter().filter(|url| !names_developers_machine(url));
    let likely = texts(&mut evaluator, likely, at);
    for url in likely.into_iter().chain(hardly) {
        if !urls.contains(&url) {
            urls.push(url);
        }
    }
    evaluator.entered_by_none
}

fn names_developers_machine(url: &Text) -> bool {
    let host = Host::of(&endpoint::address(url));
    matches!(host, Host::Local | Host::Developers(_) | Host::Private(_))
}

fn texts(evaluator: &mut Evaluator<'_>, values: Alternatives, at: Span) -> Vec<Text> {
    let mut texts = Vec::new();
    for value in values {
        match value.value {
            // Some take a function that gives the address, or an object that holds it.
            Value::Function(file, function, env) => {
                let values = evaluator.call_function(file, function, &env, Vec::new(), at);
                texts.extend(values.iter().map(|value| value.value.to_text(at)));
            }
            Value::Object(_) => {
                for name in ["url", "uri", "brokerURL"] {
                    let values = evaluator.property(&value.value, name, at);
                    let values = values.iter().filter(|value| !matches!(value.value, Value::Nothing));
                    texts.extend(values.map(|value| value.value.to_text(at)));
                }
            }
            Value::Nothing | Value::Bool(_) | Value::Array(_) | Value::Global(Global::Native) => {}
            value => texts.push(value.to_text(at)),
        }
    }
    texts
}

fn host_and_port(evaluator: &mut Evaluator<'_>, site: &Site, arguments: &[ExprId], at: Span) -> Alternatives {
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
                    all.push(Alternative { value: Value::Text(url), when });
                }
            }
        }
    }
    all
}
