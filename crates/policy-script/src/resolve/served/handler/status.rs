//! The statuses that handlers answer with.

use super::super::super::evaluation::Evaluation;
use super::super::super::value::{Site, Value};
use super::role::Role;
use super::seen::Seen;
use crate::parse::syntax::{ExprId, ExprKind, NameUse};
use crate::servers::Dialect;
use crate::servers::packages::error_of_name;

/// What is known of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// From 400 on.
    Error,
    /// 404.
    NotFound,
    /// It may be one below 400.
    Fine,
}

/// Names inside each other.
const MAX_DEPTH: usize = 6;

impl Status {
    fn of_number(number: u16) -> Self {
        match number {
            404 => Self::NotFound,
            400.. => Self::Error,
            _ => Self::Fine,
        }
    }

    /// The one of two that answers most.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fine, _) | (_, Self::Fine) => Self::Fine,
            (Self::NotFound, Self::NotFound) => Self::NotFound,
            _ => Self::Error,
        }
    }
}

impl Seen<'_> {
    /// What an answer without any status has.
    pub(super) fn status_by_default(&self) -> Status {
        match self.role {
            // Fastify gives its answer the status of the error before the handler runs.
            Role::Errors(Dialect::Fastify) => Status::Error,
            _ => Status::Fine,
        }
    }

    /// The status that an expression is.
    pub(super) fn status(&self, expr: ExprId) -> Status {
        self.status_at(expr, 0).unwrap_or(Status::Fine)
    }

    /// `None` where it is not known, and is not the one of an error.
    fn status_at(&self, expr: ExprId, depth: usize) -> Option<Status> {
        if depth > MAX_DEPTH {
            return None;
        }
        let both = |one: ExprId, other: ExprId| {
            Some(self.status_at(one, depth + 1)?.or(self.status_at(other, depth + 1)?))
        };
        match &self.module[expr].kind {
            ExprKind::Number(number) => number.parse().ok().map(Status::of_number),
            ExprKind::Logical(_, left, right) => both(*left, *right),
            ExprKind::Conditional(_, chosen, other) => both(*chosen, *other),
            ExprKind::Defaulted(value, default) => both(*value, *default),
            ExprKind::Member(..) | ExprKind::Call(..) if self.is_of_error(expr) => Some(Status::Error),
            ExprKind::Name(used) if self.definitions(used).len() > 1 => {
                let all = self.definitions(used).into_iter().map(|value| self.status_at(value, depth + 1));
                all.reduce(|one, other| Some(one?.or(other?)))?
            }
            ExprKind::Name(used) => match self.definitions(used).first() {
                Some(&only) if !matches!(self.module[only].kind, ExprKind::Parameter(..)) => {
                    self.status_at(only, depth + 1)
                }
                _ => self.evaluated(expr),
            },
            _ => self.evaluated(expr),
        }
        // What an error is answered with is no success, unless it is written out.
        .or_else(|| self.answers_errors().then_some(Status::Error))
    }

    fn answers_errors(&self) -> bool {
        self.signature.error.is_some() || self.role == Role::Filter
    }

    fn definitions(&self, used: &NameUse) -> Vec<ExprId> {
        let binding = self.module.lookup(&used.name, used.scope);
        binding.map_or_else(Vec::new, |binding| {
            self.module[binding].definitions.iter().map(|definition| definition.value).collect()
        })
    }

    fn evaluated(&self, expr: ExprId) -> Option<Status> {
        let site = Site { file: self.file, expr, env: self.env.clone() };
        let values = Evaluation::of_server(self.scripts).expr(&site);
        let known = values.iter().map(|value| match &value.value {
            Value::Number(number) => number.known()?.parse().ok().map(Status::of_number),
            Value::External(_, name) => {
                error_of_name(name.rsplit('.').next().unwrap_or(name)).map(Status::of_number)
            }
            _ => None,
        });
        known.reduce(|one, other| Some(one?.or(other?)))?
    }

    /// Whether an expression is a part of an error: `error.status`, `exception.getStatus()`.
    fn is_of_error(&self, expr: ExprId) -> bool {
        match &self.module[expr].kind {
            ExprKind::Member(base, _) => self.is_of_error(*base),
            ExprKind::Call(callee, arguments) => arguments.is_empty() && self.is_of_error(*callee),
            ExprKind::Name(used) => is_name_of_error(&used.name),
            _ => false,
        }
    }
}

/// Whether what is called so is an error.
pub(super) fn is_name_of_error(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    matches!(&*name, "e" | "ex" | "err" | "exception") || name.ends_with("error")
}
