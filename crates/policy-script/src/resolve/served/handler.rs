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
        let values = Evaluation::of_server(scripts).expr(site);
        let mut handlers = values.iter().map(|value| Self::of_value(scripts, &value.value));
        let first = handlers.next().unwrap_or(Self::Unknown);
        // Of several, the one that answers most counts.
        handlers.fold(first, |known, other| if known.may_answer() { known } else { other })
    }

    fn of_value(scripts: &Scripts<'_>, value: &Value) -> Self {
        match value {
            Value::Function(file, function, _) => match scripts.module(*file) {
                Some(module) => of_function(module, *function),
                None => Self::Unknown,
            },
            Value::Made(package, export, made) if forwards_all(scripts, package, export, made) => Self::Ends,
            Value::External(package, export) | Value::Made(package, export, _) => {
                if servers::may_answer(package, export) {
                    Self::Package(package.to_string())
                } else {
                    Self::PassesOn
                }
            }
            Value::Method(base, _) => Self::of_value(scripts, base),
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

/// Methods with which a handler answers.
const ANSWERS: [&str; 10] =
    ["send", "json", "end", "sendFile", "render", "redirect", "html", "text", "pipe", "download"];

/// Methods with which a handler says which status it answers with.
const STATUSES: [&str; 4] = ["status", "code", "sendStatus", "writeHead"];

/// How often a handler does what.
#[derive(Default)]
struct Deeds {
    answers: usize,
    /// Answers that nothing is there.
    denials: usize,
    looks_at_path: bool,
}

impl Deeds {
    fn of(module: &Module, function: FunctionId) -> Self {
        let mut deeds = Self::default();
        // Statuses of 404 whose answer stands in another call: `res.status(404); res.end();`.
        let mut announced = 0_usize;
        let mut answered_at_once = 0_usize;
        for expr in module.exprs_within(function) {
            match &module[expr].kind {
                ExprKind::Member(_, name) => {
                    deeds.looks_at_path |= matches!(&**name, "path" | "url" | "originalUrl" | "pathname");
                }
                ExprKind::Call(callee, arguments) => {
                    let ExprKind::Member(of, name) = &module[*callee].kind else { continue };
                    if ANSWERS.contains(&&**name) {
                        match &module[*of].kind {
                            ExprKind::Call(before, status) if is_404(module, *before, status) => {
                                answered_at_once += 1
                            }
                            _ => deeds.answers += 1,
                        }
                    } else if is_404(module, *callee, arguments) {
                        if &**name == "sendStatus" { deeds.denials += 1 } else { announced += 1 }
                    }
                }
                _ => {}
            }
        }
        deeds.answers = deeds.answers.saturating_sub(announced.saturating_sub(answered_at_once));
        deeds.denials += announced;
        deeds
    }
}

/// Whether a call sets a status of 404.
fn is_404(module: &Module, callee: ExprId, arguments: &[ExprId]) -> bool {
    let ExprKind::Member(_, name) = &module[callee].kind else { return false };
    let first = arguments.first().map(|&first| &module[first].kind);
    STATUSES.contains(&&**name) && matches!(first, Some(ExprKind::Number(number)) if &**number == "404")
}

fn of_function(module: &Module, function: FunctionId) -> Handler {
    let parameters = module[function].parameters.len();
    // Handlers of errors have four.
    if parameters > 3 {
        return Handler::PassesOn;
    }
    let Deeds { answers, denials, looks_at_path } = Deeds::of(module, function);
    match (answers, denials) {
        // One that takes the context alone gives its answer back.
        (0, 0) if parameters > 1 => Handler::PassesOn,
        (0, 1..) => Handler::PassesOn,
        (1.., 1..) => Handler::Chooses,
        (1.., 0) if parameters == 3 && looks_at_path => Handler::Chooses,
        (1.., 0) if parameters == 3 => Handler::PassesOn,
        _ => Handler::Ends,
    }
}
