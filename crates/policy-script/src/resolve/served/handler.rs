//! What middleware and handlers do with requests: only what is seen to pass them on, or to refuse them, answers none.

mod answers;
mod deeds;
mod role;
mod seen;
mod status;

use std::cell::RefCell;
use std::collections::BTreeMap;

use policy_text::budget::Budget;
use policy_text::source::FileId;

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Case, Env, Site, Value};
use crate::parse::syntax::{ExprId, ExprKind, FunctionId};
use crate::servers::{self, packages};
use deeds::{Deeds, Given};
pub(super) use role::Role;
use role::Signature;
use seen::Seen;

/// What is known of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    /// It answers whatever reaches it.
    Ends,
    /// It passes requests on, or refuses them.
    PassesOn,
    /// It answers some requests by the look of their paths.
    Chooses,
    /// It answers some requests, or changes what another handler answers.
    Sometimes,
    /// What comes after it sees another path.
    Rewrites,
    /// Middleware of a package that may answer requests.
    Package(String),
    Unknown,
}

/// Handlers that hand requests on to one another.
const MAX_DEPTH: usize = 3;
/// Expressions of handlers that are looked at in one program.
const MAX_LOOKS: u64 = 2_000_000;

/// The handlers of one program, each judged once.
pub(super) struct Handlers<'a> {
    scripts: &'a Scripts<'a>,
    known: RefCell<BTreeMap<(FileId, ExprId, Role), Handler>>,
    budget: Budget,
}

impl<'a> Handlers<'a> {
    pub(super) fn new(scripts: &'a Scripts<'a>) -> Self {
        Self { scripts, known: RefCell::default(), budget: Budget::of_steps(MAX_LOOKS) }
    }

    /// What is known of the handler at `site`.
    pub(super) fn at(&self, site: &Site, role: Role) -> Handler {
        let key = (site.file, site.expr, role);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = self.at_depth(site, role, 0);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn at_depth(&self, site: &Site, role: Role, depth: usize) -> Handler {
        let values = Evaluation::of_server(self.scripts).expr(site);
        Self::worst(values.iter().map(|value| self.of_value(&value.value, role, depth)))
    }

    /// Of several, the one that answers most counts.
    fn worst(mut handlers: impl Iterator<Item = Handler>) -> Handler {
        let first = handlers.next().unwrap_or(Handler::Unknown);
        handlers.fold(first, |known, other| if known.may_answer() { known } else { other })
    }

    /// What is known of a value that is used as a handler.
    pub(super) fn of_value(&self, value: &Value, role: Role, depth: usize) -> Handler {
        match value {
            Value::Function(file, function, env) => {
                let count = self.scripts.module(*file).map(|module| module[*function].parameters.len());
                let signature = role.signature(count.unwrap_or_default());
                self.of_function((*file, *function, env), role, signature, depth)
            }
            Value::Made(package, _, made) if packages::wraps_handlers(package) => {
                self.wrapped(made, role, depth)
            }
            Value::Made(package, export, made) if forwards_all(self.scripts, package, export, made) => {
                Handler::Ends
            }
            Value::External(package, export) | Value::Made(package, export, _) => {
                if packages::passes_on(package, export) {
                    Handler::PassesOn
                } else {
                    Handler::Package(package.to_string())
                }
            }
            Value::Method(base, _) => match &**base {
                Value::External(..) | Value::Made(..) => self.of_value(base, role, depth),
                _ => Handler::Unknown,
            },
            Value::Array(array) if depth < MAX_DEPTH => {
                let elements = Evaluation::of_server(self.scripts).elements(array);
                if elements.is_empty() {
                    return Handler::PassesOn;
                }
                Self::worst(elements.iter().map(|element| self.of_value(&element.value, role, depth + 1)))
            }
            Value::Nothing | Value::Bool(_) => Handler::PassesOn,
            _ => Handler::Unknown,
        }
    }

    /// What a package makes of a handler.
    fn wrapped(&self, made: &Site, role: Role, depth: usize) -> Handler {
        let invocation = self.scripts.module(made.file).and_then(|module| module.invocation(made.expr));
        match invocation.and_then(|call| call.arguments.first()) {
            Some(&first) if depth < MAX_DEPTH => self.at_depth(&made.beside(first), role, depth + 1),
            _ => Handler::Unknown,
        }
    }

    fn of_function(
        &self,
        (file, function, env): (FileId, FunctionId, &Env),
        role: Role,
        signature: Signature,
        depth: usize,
    ) -> Handler {
        let Some(module) = self.scripts.module(file).filter(|_| depth < MAX_DEPTH) else {
            return Handler::Unknown;
        };
        let looks = module.exprs_within(function).count();
        if self.budget.spend(1 + looks).is_err() {
            return Handler::Unknown;
        }
        let seen = Seen { scripts: self.scripts, file, module, function, env, role, signature };
        let deeds = Deeds::of(&seen);
        let answers_for = |given: &Given| self.of_given(&seen, given, depth);
        let gives_away = deeds.given_to.iter().map(answers_for).find(Handler::may_answer);
        match gives_away {
            _ if deeds.rewrites > 0 => Handler::Rewrites,
            Some(Handler::Rewrites) => Handler::Rewrites,
            Some(_) if deeds.looks_at_path => Handler::Chooses,
            Some(_) => Handler::Unknown,
            None if deeds.escapes > 0 => Handler::Unknown,
            None if deeds.answers == 0 => Handler::PassesOn,
            None if deeds.passes_on == 0 && deeds.denials == 0 => Handler::Ends,
            None if deeds.looks_at_path => Handler::Chooses,
            None => Handler::Sometimes,
        }
    }

    /// What another function does that is given the answer, or the request.
    fn of_given(&self, seen: &Seen<'_>, given: &Given, depth: usize) -> Handler {
        let callee = Site { file: seen.file, expr: given.callee, env: seen.env.clone() };
        let callees = Evaluation::of_server(self.scripts).expr(&callee);
        Self::worst(callees.iter().map(|callee| match &callee.value {
            Value::Function(file, function, env) => {
                let arguments = given.arguments.iter().map(|&argument| Site {
                    file: seen.file,
                    expr: argument,
                    env: seen.env.clone(),
                });
                let env = env.call(*file, *function, arguments.collect());
                self.of_function((*file, *function, &env), seen.role, given.signature, depth + 1)
            }
            value => self.of_value(value, seen.role, depth + 1),
        }))
    }
}

impl Handler {
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
            Self::Sometimes => "the handler may answer any request".to_owned(),
            Self::Rewrites => "the handler changes the path of requests".to_owned(),
            Self::Package(package) => format!("`{package}` may answer there"),
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
