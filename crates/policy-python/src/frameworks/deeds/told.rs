//! Which expressions stand for the request as it came, or for an answer that says no more than a refusal.

use super::roles::Judged;
use super::shape::{changes_path, is_one_of};
use crate::frameworks::{statuses, walk};
use crate::parse::syntax::{Expr, Kind as Expression};

/// Whether a value is the request again: `Request(scope, receive)`, `dict(scope)`, `scope.copy()`.
pub(super) fn is_copy(value: &Expr, judged: &Judged<'_, '_>) -> bool {
    let is_given = |value: &Expr| is_one_of(value, &judged.roles.given);
    match &value.kind {
        Expression::Name(_) => is_given(value),
        Expression::Call(call) => {
            let is_known = value.is_named(&["Request", "HTTPConnection", "WebSocket", "dict"]);
            let copies = matches!(&call.function.kind, Expression::Attribute(of, name) if &**name == "copy" && is_given(of));
            copies || is_known && call.positional.iter().any(is_given) && !changes_path(value)
        }
        Expression::Dict(entries) => {
            entries.iter().any(|(key, value)| key.is_none() && is_given(value)) && !changes_path(value)
        }
        _ => false,
    }
}

/// Whether a message is handed on, or says no more than that something is refused.
pub(super) fn is_message(message: &Expr, judged: &Judged<'_, '_>) -> bool {
    match &message.kind {
        Expression::Name(_) => is_one_of(message, &judged.messages),
        Expression::Text(_) => statuses::is_error_status(message),
        Expression::Dict(entries) => entries.iter().all(|(key, value)| match key {
            None => is_one_of(value, &judged.messages),
            Some(key) => key.as_text() != Some("status") || statuses::is_error_status(value),
        }),
        _ => false,
    }
}

/// A redirect to the same path: `RedirectResponse(str(request.url.replace(scheme="https")))`.
pub(super) fn is_secure_redirect(value: &Expr, judged: &Judged<'_, '_>) -> bool {
    let is_secure = |value: &Expr| {
        value.is_named(&["replace"]) && value.named("scheme").is_some() && value.named("path").is_none()
    };
    let Expression::Call(call) = &value.kind else { return false };
    let mut found = false;
    for given in call.positional.iter().chain(call.named.iter().map(|(_, value)| value)) {
        walk::expressions(given, &mut |inner| {
            found |= is_secure(inner);
            if let Expression::Name(name) = &inner.kind {
                found |= judged.set_to(name).into_iter().any(|value| value.is_some_and(is_secure));
            }
        });
    }
    found
        && value.is_named(&[
            "RedirectResponse",
            "redirect",
            "HttpResponseRedirect",
            "HttpResponsePermanentRedirect",
        ])
}
