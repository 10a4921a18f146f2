//! The requests that modules send, with the addresses they are given in production.

use std::collections::BTreeMap;

use policy_http::served::Methods;
use policy_text::source::{FileId, Span};
use policy_text::value::{Address, Piece, Provenance, Text};
use rayon::prelude::*;

use super::call_chain::{self, CallChain, KnownCalls, Limits};
use super::callers;
use super::client_bases::{self, Defaults};
use super::endpoint::{self, Host};
use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::request::{Addresses, Request, is_open};
use super::request_calls::{self, Asked};
use super::sockets::code;
use super::task::{self, Task};
use super::value::{Case, Cases, Env, Global, Site, Value, extend, one, under};
use crate::parse::Module;
use crate::parse::syntax::{Candidate, ExprId, GuardId};
use crate::requesters::{METHODS, Verb};

/// How far calls are followed for one that sends requests: one function sends those of a whole application.
const LIMITS: Limits = Limits { chains: 1024, calls: callers::Limits { calls: 512, modules: 512 } };

/// Every request that the modules send from a browser, in the order of places. Nothing of it is known before it is asked
/// for: each script of the tree is looked at.
pub fn requests(scripts: &Scripts<'_>) -> Vec<Request> {
    let files = scripts.files_with_requests();
    let modules: Vec<(FileId, &Module)> =
        files.par_iter().filter_map(|&file| Some((file, scripts.module(file)?))).collect();
    let defaults = Defaults::of(scripts, &modules);
    let found =
        task::for_each(scripts, &modules, |task, file, module| requests_of(task, &defaults, file, module));
    let mut requests: Vec<Request> = Vec::new();
    let mut by_place: Vec<Request> = found.into_iter().flatten().collect();
    by_place.sort_by_key(|request| (request.at, request.sent_at));
    for request in by_place {
        let is_same = |other: &&Request| other.at == request.at && other.addresses == request.addresses;
        if requests.iter().rev().take_while(|other| other.at == request.at).find(is_same).is_none() {
            requests.push(request);
        }
    }
    requests
}

fn requests_of(task: &Task<'_>, defaults: &Defaults, file: FileId, module: &Module) -> Vec<Request> {
    let mut all = Vec::new();
    let known = KnownCalls::default();
    let mut known_code = None;
    for candidate in &module.candidates {
        let sent_at = Span::new(file, module[candidate.expr].range());
        let call = Call::of(task, file, module, candidate);
        if call.is_some() && known_code.is_none() {
            known_code = code(task.scripts, file, module);
            if known_code.is_none() {
                break;
            }
        }
        let by_place = call.as_ref().map(|call| sent_by(task, &known, defaults, sent_at, call));
        if task.is_spent_at(sent_at, "requests") {
            break;
        }
        let (Some(call), Some(by_place), Some(code)) = (call, by_place, &known_code) else { continue };
        all.extend(by_place.into_iter().map(|(at, Sent { urls, methods })| Request {
            at,
            sent_at,
            opener: call.opener.clone().into(),
            methods,
            addresses: Addresses::of(urls),
            code: code.clone(),
        }));
    }
    all
}

/// A candidate that sends a request.
struct Call<'m> {
    site: Site,
    guard: Option<GuardId>,
    arguments: &'m [ExprId],
    asked: Asked,
    /// For messages: "`fetch`", "`get`".
    opener: String,
}

impl<'m> Call<'m> {
    fn of(task: &Task<'_>, file: FileId, module: &'m Module, candidate: &Candidate) -> Option<Self> {
        if candidate.is_element {
            return None;
        }
        let invocation = module.invocation(candidate.expr)?;
        let site = Site { file, expr: candidate.expr, env: Env::default() };
        let asked = request_calls::asked(task, &site, module, invocation)?;
        let opener = module.shown(invocation, "request");
        Some(Self { site, guard: candidate.guard, arguments: invocation.arguments, asked, opener })
    }
}

/// What is sent from one place.
struct Sent {
    urls: Vec<Text>,
    methods: Methods,
}

/// What one call sends, by the place that gives the path.
fn sent_by(
    task: &Task<'_>,
    known: &KnownCalls,
    defaults: &Defaults,
    sent_at: Span,
    call: &Call<'_>,
) -> BTreeMap<Span, Sent> {
    let mut sent: BTreeMap<Span, Sent> = BTreeMap::new();
    let collect = |chain: &CallChain| {
        let site = Site { env: chain.env(), ..call.site.clone() };
        collect(task, defaults, &site, call)
    };
    call_chain::follow(task, known, LIMITS, collect, |chain, found, has_more| {
        let unknown = || Sent { urls: vec![LIMITS.unfollowed(sent_at)], methods: Methods::Any };
        // What is kept takes memory for as long as the check runs.
        task.budget.spend(found.urls.iter().map(|url| url.pieces().len()).sum()).ok();
        add(&mut sent, sent_at, chain, if has_more { unknown() } else { found });
    });
    sent
}

fn add(sent: &mut BTreeMap<Span, Sent>, sent_at: Span, chain: &CallChain, found: Sent) {
    if found.urls.is_empty() {
        return;
    }
    let at = place(sent_at, chain, &found.urls);
    match sent.get_mut(&at) {
        Some(known) => {
            let new = found.urls.into_iter().filter(|url| !known.urls.contains(url));
            known.urls.extend(new.collect::<Vec<_>>());
            if known.methods != found.methods {
                known.methods = Methods::Any;
            }
        }
        None => {
            sent.insert(at, found);
        }
    }
}

/// The call that gives the path: the one in which the end of it that is known is written, else the one that begins the
/// chain.
fn place(sent_at: Span, chain: &CallChain, urls: &[Text]) -> Span {
    let paths = urls.iter().map(|url| Address::parse(url).rest);
    let written: Vec<Span> = paths
        .flat_map(|path| {
            let literals = path.pieces().iter().rev().filter_map(|piece| match piece {
                Piece::Literal(_, provenance) => Some(provenance.at),
                Piece::Hole(_) => None,
            });
            literals.collect::<Vec<_>>()
        })
        .collect();
    let calls: Vec<Span> = chain.calls().map(|call| call.at).collect();
    let in_call = written.iter().find_map(|&place| calls.iter().find(|&&call| place.is_within(call)));
    let at_home = written.iter().any(|&place| place.is_within(sent_at));
    match in_call {
        Some(&call) => call,
        None if at_home => sent_at,
        None => calls.first().copied().unwrap_or(sent_at),
    }
}

/// What a call can be given, and the functions whose parameters would have to be known for more.
fn collect(task: &Task<'_>, defaults: &Defaults, site: &Site, call: &Call<'_>) -> (Sent, callers::Functions) {
    let nothing = || (Sent { urls: Vec::new(), methods: Methods::Any }, callers::Functions::new());
    let scripts = task.scripts;
    let mut evaluation = task.evaluation();
    let at = evaluation.span(site);
    let Some(module) = scripts.module(site.file) else { return nothing() };
    let Some(when) = evaluation.conditions(site, module, call.guard, None) else { return nothing() };
    let Some(&argument) = call.arguments.get(call.asked.asks.address) else { return nothing() };
    let given = evaluation.expr(&site.beside(argument));
    let given = addresses(&mut evaluation, given, at);
    let bases = client_bases::bases(&mut evaluation, defaults, site, &call.asked.by, call.arguments);
    let mut urls: Vec<Text> = Vec::new();
    for address in given {
        let path = address.value.to_text(at);
        for base in &bases {
            let Some(both) = base.when.and(&address.when).and_then(|both| both.and(&when)) else { continue };
            let url = match &base.value {
                Value::Nothing => path.clone(),
                base => joined(&base.to_text(at), &path),
            };
            // Whoever chooses a local address for pages that are not public means development.
            let is_left_out = both.is_unlikely() && names_developers_machine(&url);
            if !is_left_out && !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    // Where the image is built without the variable, what the code falls back to is all there is.
    keep_better(&mut urls, |url| !begins_unset(scripts, url));
    // Code that cannot know a part yet does not ask.
    keep_better(&mut urls, |url| !url.pieces().iter().any(|piece| piece.as_literal() == Some("undefined")));
    let entered_by_none = std::mem::take(&mut evaluation.entered_by_none);
    let asks_callers = urls.is_empty() || urls.iter().any(is_open);
    let methods = methods(&mut evaluation, site, call);
    (Sent { urls, methods }, if asks_callers { entered_by_none } else { callers::Functions::new() })
}

/// Keeps the addresses that are better, where some are.
fn keep_better(urls: &mut Vec<Text>, is_better: impl Fn(&Text) -> bool) {
    if urls.iter().any(&is_better) {
        urls.retain(is_better);
    }
}

/// Whether an address begins with a variable that no build sets.
fn begins_unset(scripts: &Scripts<'_>, url: &Text) -> bool {
    url.leading_variable().is_some_and(|(name, at)| scripts.tooling.is_left_unset(name, at.file))
}

fn names_developers_machine(url: &Text) -> bool {
    matches!(Host::of(&endpoint::address(url)), Host::Local | Host::Developers(_) | Host::Private(_))
}

/// Values that are addresses, or hold them: options with a `url`, functions that give one, keys of a cache that begin
/// with one.
fn addresses(evaluation: &mut Evaluation<'_>, values: Cases, at: Span) -> Cases {
    let mut all = Vec::new();
    for Case { value, when } in values {
        let given = match &value {
            Value::Function(file, function, env) => {
                evaluation.call_function(*file, *function, env, Vec::new(), at)
            }
            Value::Object(_) => evaluation.property(&value, "url", at),
            Value::Array(_) => evaluation.property(&value, "0", at),
            Value::Nothing | Value::Bool(_) | Value::Global(Global::Native) => continue,
            _ => one(value),
        };
        let given = given.into_iter().filter(|given| !matches!(given.value, Value::Nothing)).collect();
        extend(&mut all, under(given, &when), at);
    }
    all
}

/// An address behind what a client puts before all of its own: one slash joins them.
fn joined(base: &Text, path: &Text) -> Text {
    if base.is_empty() || Address::parse(path).absolute {
        return path.clone();
    }
    if path.is_empty() {
        return base.clone();
    }
    let end = base.known_suffix();
    let base = base.slice(0..base.len() - (end.len() - end.trim_end_matches('/').len()));
    let start = path.known_prefix();
    let (_, path) = path.split_at(start.len() - start.trim_start_matches('/').len());
    let mut url = base;
    if let Some(at) = path.place().or_else(|| url.place()) {
        url.push(Piece::Literal("/".into(), Provenance::at(at)));
    }
    url.append(&path);
    url
}

/// The methods that a call can have.
fn methods(evaluation: &mut Evaluation<'_>, site: &Site, call: &Call<'_>) -> Methods {
    let named = |value: &Value| match value {
        Value::Text(text) => text.known().map(|name| name.to_ascii_uppercase()),
        _ => None,
    };
    let values = match call.asked.asks.method {
        Verb::Is(method) => return Methods::Only(vec![method.to_owned()]),
        Verb::Argument(index) => evaluation.argument(site, call.arguments, index),
        Verb::Option => {
            let mut values = Vec::new();
            let skipped = call.asked.asks.address;
            for (index, &argument) in call.arguments.iter().enumerate() {
                for options in evaluation.expr(&site.beside(argument)) {
                    match &options.value {
                        Value::Object(_) => {
                            let at = evaluation.span(site);
                            let of_options = METHODS
                                .iter()
                                .map(|name| evaluation.property(&options.value, name, at))
                                .find(|values| {
                                    values.iter().any(|value| !matches!(value.value, Value::Nothing))
                                });
                            values.extend(of_options.unwrap_or_default());
                        }
                        Value::Nothing => {}
                        _ if index == skipped => {}
                        _ => return Methods::Any,
                    }
                }
            }
            if values.is_empty() {
                return Methods::Only(vec!["GET".to_owned()]);
            }
            values
        }
    };
    let mut methods: Vec<String> = Vec::new();
    for value in &values {
        match named(&value.value) {
            Some(method) if !methods.contains(&method) => methods.push(method),
            Some(_) => {}
            None if matches!(value.value, Value::Nothing) => methods.push("GET".to_owned()),
            None => return Methods::Any,
        }
    }
    methods.dedup();
    if methods.is_empty() { Methods::Any } else { Methods::Only(methods) }
}
