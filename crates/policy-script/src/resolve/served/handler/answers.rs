//! What the methods of an answer tell: whether they answer, and with which status.

use super::role::{Gives, Role};
use super::seen::Seen;
use super::status::{Status, is_name_of_error};
use crate::parse::syntax::{ExprId, ExprKind, Property};
use crate::servers::Dialect;
use crate::servers::packages::error_of_name;

/// Methods with which a handler answers.
pub(super) const ANSWERS: [&str; 16] = [
    "body",
    "download",
    "end",
    "html",
    "json",
    "jsonp",
    "newResponse",
    "pipe",
    "redirect",
    "render",
    "reply",
    "send",
    "sendFile",
    "sendStatus",
    "text",
    "write",
];

/// Methods with which a handler says which status it answers with.
pub(super) const STATUSES: [&str; 4] = ["status", "code", "sendStatus", "writeHead"];

/// Methods of an answer that give nothing to the client but headers, and give the answer back.
pub(super) const SETTERS: [&str; 28] = [
    "addListener",
    "append",
    "assert",
    "attachment",
    "clearCookie",
    "contentType",
    "cookie",
    "cork",
    "flushHeaders",
    "header",
    "headers",
    "links",
    "location",
    "off",
    "on",
    "once",
    "prependListener",
    "remove",
    "removeHeader",
    "removeListener",
    "set",
    "setCookie",
    "setHeader",
    "setTimeout",
    "throw",
    "type",
    "uncork",
    "vary",
];

/// Methods that only tell something.
pub(super) const GETTERS: [&str; 15] = [
    "accepts",
    "acceptsEncodings",
    "acceptsLanguages",
    "get",
    "getHeader",
    "getHeaderNames",
    "getHeaders",
    "getResponseTime",
    "hasHeader",
    "is",
    "isAuthenticated",
    "isUnauthenticated",
    "listenerCount",
    "logIn",
    "login",
];

/// What hangs on an answer and is no answer itself.
pub(super) const BESIDE: [&str; 13] = [
    "app",
    "connection",
    "context",
    "cookies",
    "headers",
    "i18n",
    "locals",
    "log",
    "logger",
    "req",
    "request",
    "session",
    "socket",
];

impl Seen<'_> {
    /// The status that a method says itself: `sendStatus(404)`, `notFound()`, `json({}, 404)`.
    pub(super) fn own_status(&self, method: &str, arguments: &[ExprId]) -> Option<Status> {
        if let Some(error) = error_of_name(method) {
            return Some(if error == 404 { Status::NotFound } else { Status::Error });
        }
        if method == "sendStatus" {
            return arguments.first().map(|&status| self.status(status));
        }
        let is_error = |argument: &ExprId| match &self.module[*argument].kind {
            ExprKind::Name(used) => is_name_of_error(&used.name),
            _ => false,
        };
        let is_fastify = matches!(self.role, Role::Hook | Role::Last(Dialect::Fastify));
        if method == "send" && is_fastify && arguments.first().is_some_and(is_error) {
            return Some(Status::Error);
        }
        self.given_status(arguments)
    }

    /// The status that stands behind what is said: a number, or an option.
    pub(super) fn given_status(&self, arguments: &[ExprId]) -> Option<Status> {
        let second = *arguments.get(1)?;
        match &self.module[second].kind {
            ExprKind::Number(_) => Some(self.status(second)),
            ExprKind::Object(properties) => properties.iter().find_map(|property| match property {
                Property::Value(name, value) if &**name == "status" => Some(self.status(*value)),
                _ => None,
            }),
            _ if self.signature.gives == Gives::Context => Some(self.status(second)),
            _ => None,
        }
    }

    /// The status of what is called on: `response.status(404)`.
    pub(super) fn status_of_chain(&self, expr: ExprId) -> Option<Status> {
        let ExprKind::Call(callee, arguments) = &self.module[expr].kind else { return None };
        match &self.module[*callee].kind {
            ExprKind::Member(_, name) if STATUSES.contains(&&**name) => {
                arguments.first().map(|&status| self.status(status))
            }
            _ => None,
        }
    }

    /// The status of a response that is made, or asked of a function.
    pub(super) fn status_of_response(&self, value: ExprId) -> Status {
        match &self.module[value].kind {
            ExprKind::New(_, arguments) | ExprKind::Call(_, arguments) => {
                self.given_status(arguments).unwrap_or(Status::Fine)
            }
            _ => Status::Fine,
        }
    }
}

/// Whether a method by its name only asks something.
pub(super) fn is_question(method: &str) -> bool {
    ["is", "has", "get", "accepts"].iter().any(|start| {
        method.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
    })
}
