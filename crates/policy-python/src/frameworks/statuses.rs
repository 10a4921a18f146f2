//! Statuses of answers, as code writes them.

use crate::parse::syntax::{Expr, Kind};
use crate::resolve::value::Value;

/// The names that `http.HTTPStatus` has for what is no error.
const NO_ERRORS: [&str; 22] = [
    "ACCEPTED",
    "ALREADY_REPORTED",
    "CONTINUE",
    "CREATED",
    "EARLY_HINTS",
    "FOUND",
    "IM_USED",
    "MOVED_PERMANENTLY",
    "MULTIPLE_CHOICES",
    "MULTI_STATUS",
    "NON_AUTHORITATIVE_INFORMATION",
    "NOT_MODIFIED",
    "NO_CONTENT",
    "OK",
    "PARTIAL_CONTENT",
    "PERMANENT_REDIRECT",
    "PROCESSING",
    "RESET_CONTENT",
    "SEE_OTHER",
    "SWITCHING_PROTOCOLS",
    "TEMPORARY_REDIRECT",
    "USE_PROXY",
];

/// The exceptions of aiohttp that are no errors.
const ANSWERS_RAISED: [&str; 16] = [
    "HTTPAccepted",
    "HTTPCreated",
    "HTTPFound",
    "HTTPMovedPermanently",
    "HTTPMultipleChoices",
    "HTTPNoContent",
    "HTTPNonAuthoritativeInformation",
    "HTTPNotModified",
    "HTTPOk",
    "HTTPPartialContent",
    "HTTPPermanentRedirect",
    "HTTPResetContent",
    "HTTPSeeOther",
    "HTTPTemporaryRedirect",
    "HTTPUseProxy",
    "RequestRedirect",
];

/// The classes of Django's answers that are errors.
const ERRORS: [&str; 6] = [
    "HttpResponseBadRequest",
    "HttpResponseForbidden",
    "HttpResponseGone",
    "HttpResponseNotAllowed",
    "HttpResponseNotFound",
    "HttpResponseServerError",
];

/// The status that `http.HTTPStatus` has by that name, as far as it matters: any error that is no absence is a 400.
fn by_name(name: &str) -> i64 {
    match name {
        "NOT_FOUND" => 404,
        "METHOD_NOT_ALLOWED" => 405,
        _ if NO_ERRORS.contains(&name) => 200,
        _ => 400,
    }
}

/// The status that a value is.
pub(super) fn of_value(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Number(status) => Some(*status),
        Value::Text(text) => text.known()?.get(..3)?.parse().ok(),
        Value::External(name) => {
            let name = name.strip_suffix(".value").unwrap_or(name);
            let last = name.rsplit('.').next().unwrap_or(name);
            match last.strip_prefix("HTTP_") {
                Some(status) => status.get(..3)?.parse().ok(),
                None if name.contains("HTTPStatus.") => Some(by_name(last)),
                None => None,
            }
        }
        _ => None,
    }
}

/// Whether an expression is the status of an error, or the one of an answer or exception from behind.
pub(super) fn is_error_status(status: &Expr) -> bool {
    match &status.kind {
        Kind::Number(status) => *status >= 400,
        // `"404 Not Found"`
        Kind::Text(text) => text.starts_with(['4', '5']),
        // `HTTPStatus.FORBIDDEN.value`
        Kind::Attribute(of, name) if &**name == "value" => is_error_status(of),
        Kind::Attribute(of, name) => match name.strip_prefix("HTTP_") {
            // `status.HTTP_429_TOO_MANY_REQUESTS`
            Some(status) => status.starts_with(['4', '5']),
            None if of.is_named(&["HTTPStatus"]) => !NO_ERRORS.contains(&&**name),
            None => ["status", "status_code", "code"].contains(&&**name) && !is_self(of),
        },
        _ => false,
    }
}

fn is_self(of: &Expr) -> bool {
    of.is_named(&["self", "cls"])
}

/// Whether an answer is one with the status of an error: `jsonify(…), 404`, `JSONResponse(status_code=…)`.
pub(super) fn is_error(answer: &Expr) -> bool {
    match &answer.kind {
        Kind::List(parts) => parts.get(1).is_some_and(is_error_status),
        Kind::Call(call) => {
            let (Kind::Name(name) | Kind::Attribute(_, name)) = &call.function.kind else { return false };
            let named = answer.named("status_code").or_else(|| answer.named("status"));
            // The status comes second where an answer is made, but Django's classes have its type there.
            let second = call.positional.get(1).filter(|_| {
                name.ends_with("Response") && &**name != "HttpResponse" || &**name == "make_response"
            });
            let is_raised = name.starts_with("HTTP") && name.get(4..).is_some_and(|rest| !rest.is_empty());
            ERRORS.contains(&&**name)
                || named.or(second).is_some_and(is_error_status)
                || named.is_none() && is_raised && is_error_raised(answer)
        }
        _ => false,
    }
}

/// Whether what is raised is an error, and not another answer.
pub(super) fn is_error_raised(raised: &Expr) -> bool {
    let status = raised.named("status_code");
    !raised.is_named(&ANSWERS_RAISED) && status.is_none_or(is_error_status)
}
