//! What middleware and handlers do with a request: answer it, say that nothing is there, or pass it on.

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Case, Site, Value};
use crate::parse::Module;
use crate::parse::syntax::{ExprId, ExprKind, FunctionId};
use crate::servers;

/// What is known of one.
pub(super) enum Handler {
    /// It answers whatever reaches it.
    Ends,
    /// It passes requests on, or says that nothing is there.
    PassesOn,
    /// It answers some requests by the look of their paths.
    Chooses,
    /// Middleware of a package that answers some requests.
    Package(String),
    Unknown,
}

impl Handler {
    /// What is known of the handler at `site`.
    pub(super) fn of(scripts: &Scripts<'_>, site: &Site) -> Self {
        Self::at(scripts, site, 0)
    }

    fn at(scripts: &Scripts<'_>, site: &Site, depth: usize) -> Self {
        let values = Evaluation::of_server(scripts).expr(site);
        let mut handlers = values.iter().map(|value| Self::of_value(scripts, &value.value, depth));
        let first = handlers.next().unwrap_or(Self::Unknown);
        // Of several, the one that answers most counts.
        handlers.fold(first, |known, other| if known.may_answer() { known } else { other })
    }

    fn of_value(scripts: &Scripts<'_>, value: &Value, depth: usize) -> Self {
        match value {
            Value::Function(file, function, env) => match scripts.module(*file) {
                Some(module) if depth < MAX_DEPTH => {
                    let may_answer = |&callee: &ExprId| {
                        let callee = Site { file: *file, expr: callee, env: env.clone() };
                        Self::at(scripts, &callee, depth + 1).may_answer()
                    };
                    of_function(module, *function, may_answer)
                }
                _ => Self::Unknown,
            },
            Value::Made(package, export, made) if forwards_all(scripts, package, export, made) => Self::Ends,
            Value::External(package, export) | Value::Made(package, export, _) => {
                if servers::may_answer(package, export) {
                    Self::Package(package.to_string())
                } else {
                    Self::PassesOn
                }
            }
            Value::Method(base, _) => Self::of_value(scripts, base, depth),
            Value::Nothing | Value::Bool(_) => Self::PassesOn,
            _ => Self::Unknown,
        }
    }

    /// Whether it may answer a request that no other handler does.
    pub(super) fn may_answer(&self) -> bool {
        !matches!(self, Self::PassesOn)
    }

    /// Whether it answers every request.
    pub(super) fn ends_requests(&self) -> bool {
        matches!(self, Self::Ends)
    }

    /// Why nobody knows what it answers.
    pub(super) fn why(&self) -> String {
        match self {
            Self::Ends => "the handler takes every path".to_owned(),
            Self::PassesOn => "it passes requests on".to_owned(),
            Self::Chooses => "the handler looks at the path by itself".to_owned(),
            Self::Package(package) => format!("`{package}` answers there"),
            Self::Unknown => "the handler is not known".to_owned(),
        }
    }
}

/// Whether middleware of a package passes every request on: it answers what another program does.
fn forwards_all(scripts: &Scripts<'_>, package: &str, export: &str, made: &Site) -> bool {
    let Some(forwarder) = servers::forwarder(package, export) else { return false };
    let Some(module) = scripts.module(made.file) else { return false };
    let ExprKind::Call(_, arguments) = &module[made.expr].kind else { return false };
    let chooses = |options: Site| {
        let mut evaluation = Evaluation::of_server(scripts);
        let is_known = |value: &Case| matches!(value.value, Value::Object(_));
        let mut choosing = forwarder.choosing.iter();
        !evaluation.expr(&options).iter().all(is_known)
            || choosing.any(|name| !evaluation.option(&options, name).is_empty())
    };
    match arguments.get(forwarder.options) {
        Some(&options) => arguments.len() == forwarder.options + 1 && !chooses(made.beside(options)),
        None => arguments.len() == forwarder.options && forwarder.options > 0,
    }
}

/// Handlers that hand requests on to one another.
const MAX_DEPTH: usize = 3;

/// Methods with which a handler answers.
const ANSWERS: [&str; 11] = [
    "send",
    "json",
    "end",
    "sendFile",
    "render",
    "redirect",
    "html",
    "text",
    "pipe",
    "download",
    "sendStatus",
];

/// Methods with which a handler says which status it answers with.
const STATUSES: [&str; 4] = ["status", "code", "sendStatus", "writeHead"];

/// What shows that a handler looks at the path of a request.
const PATHS: [&str; 5] = ["path", "url", "originalUrl", "pathname", "baseUrl"];

/// What a handler does with what it is given: the request, the answer and what comes next; or all of a request in one.
#[derive(Default)]
struct Deeds {
    answers: usize,
    /// Those of them that refuse the request.
    refusals: usize,
    /// Answers that nothing is there.
    denials: usize,
    /// What it hands the answer to, or all of a request.
    given_to: Vec<ExprId>,
    /// Whether what it does may depend on the path.
    chooses: bool,
    goes_on: bool,
}

impl Deeds {
    fn of(module: &Module, function: FunctionId) -> Self {
        let parameters = &module[function].parameters;
        let name = |index: usize| parameters.get(index).map(|parameter| &*parameter.name).unwrap_or_default();
        let is = |expr: ExprId, name: &str| matches!(&module[expr].kind, ExprKind::Name(used) if *used.name == *name && !name.is_empty());
        let last = name(parameters.len().saturating_sub(1));
        // What an answer is given with is the second, but the first where that holds all of a request.
        let holds_all = parameters.len() == 2 && name(1) == "next";
        let answering = name(usize::from(!holds_all));
        let mut deeds = Self::default();
        // Statuses of 404 whose answer stands in another call: `res.status(404); res.end();`.
        let (mut announced, mut answered_at_once) = (0_usize, 0_usize);
        for expr in module.exprs_within(function) {
            match &module[expr].kind {
                ExprKind::Member(_, name) => deeds.chooses |= PATHS.contains(&&**name),
                ExprKind::Call(callee, arguments) => {
                    deeds.goes_on |= is(*callee, last);
                    if let ExprKind::Member(of, method) = &module[*callee].kind {
                        let status = match &module[*of].kind {
                            ExprKind::Call(before, arguments) => status(module, *before, arguments),
                            _ => None,
                        };
                        let own = self::status(module, *callee, arguments)
                            .or_else(|| given_status(module, arguments));
                        match (ANSWERS.contains(&&**method), status, own) {
                            (true, Some(404), _) => answered_at_once += 1,
                            (true, _, Some(404)) => deeds.denials += 1,
                            (true, status, own) => {
                                deeds.answers += 1;
                                deeds.refusals +=
                                    usize::from(status.or(own).is_some_and(|status| status >= 400));
                            }
                            (false, _, Some(404)) => announced += 1,
                            (false, ..) => {}
                        }
                    }
                    let gives = |name: &str| arguments.iter().any(|&argument| is(argument, name));
                    if !is(*callee, last) {
                        deeds.given_to.extend(gives(answering).then_some(*callee));
                        let is_asked = arguments.len() == 1 || gives(answering);
                        deeds.chooses |= is_asked && parameters.len() == 3 && gives(name(0));
                    }
                }
                _ => {}
            }
        }
        deeds.answers = deeds.answers.saturating_sub(announced.saturating_sub(answered_at_once));
        deeds.denials += announced;
        // `ctx.body = …`
        let assigns = |property: &str| module.assigns_to(property, function);
        deeds.answers += usize::from(assigns("body") || holds_all && assigns("status"));
        deeds
    }
}

/// The status that a call sets, where it is written out.
fn status(module: &Module, callee: ExprId, arguments: &[ExprId]) -> Option<u16> {
    let ExprKind::Member(_, name) = &module[callee].kind else { return None };
    match arguments.first().map(|&first| &module[first].kind) {
        Some(ExprKind::Number(number)) if STATUSES.contains(&&**name) => number.parse().ok(),
        _ => None,
    }
}

/// The status that an answer is given beside what it says: `c.json({}, 404)`.
fn given_status(module: &Module, arguments: &[ExprId]) -> Option<u16> {
    match arguments.get(1).map(|&second| &module[second].kind) {
        Some(ExprKind::Number(number)) => number.parse().ok(),
        _ => None,
    }
}

/// `may_answer` tells of what is called whether it answers where it is given what it needs.
fn of_function(module: &Module, function: FunctionId, may_answer: impl Fn(&ExprId) -> bool) -> Handler {
    let parameters = module[function].parameters.len();
    let Deeds { answers, refusals, denials, given_to, chooses, goes_on } = Deeds::of(module, function);
    let gives_away = given_to.iter().any(may_answer);
    match parameters {
        2 | 3 if (goes_on || parameters == 3) && chooses && (answers > refusals || gives_away) => {
            Handler::Chooses
        }
        // Handlers of errors have four.
        3.. => Handler::PassesOn,
        2 if goes_on => Handler::PassesOn,
        _ if answers > 0 && denials > 0 => Handler::Chooses,
        _ if answers > 0 => Handler::Ends,
        2 if gives_away => Handler::Unknown,
        2 => Handler::PassesOn,
        _ if denials > 0 => Handler::PassesOn,
        // One that takes all of a request in one gives its answer back.
        _ => Handler::Ends,
    }
}
