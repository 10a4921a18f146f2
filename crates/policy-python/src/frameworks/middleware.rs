//! Middleware, hooks and handlers of errors: whether they may answer a request that no other handler takes.

use policy_text::source::Span;

use super::deeds::Answer;
use super::mounts::open;
use super::{deeds, passive, statuses};
use crate::resolve::group::{GroupId, Kind};
use crate::resolve::value::Value;
use crate::resolve::{Arguments, Interpreter};

const ANSWERS: &str = "middleware of it may answer by itself";
const HIDES: &str = "it has an answer of its own where nothing is";

/// The part of an application that registers middleware. `None` for any other method.
pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (app, kind): (GroupId, Kind),
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let at = arguments.at;
    let first = || arguments.positional.first().cloned().unwrap_or(Value::Unknown);
    match (kind, name) {
        // What a decorator is applied to comes by the second call.
        (Kind::FastApi | Kind::Starlette, "middleware") => {
            return Some(Value::Method(app, "middleware()".into()));
        }
        (Kind::FastApi | Kind::Starlette | Kind::ApiRouter, "on_event") => {
            let is_startup = arguments.get(0, "event_type").and_then(Value::known_text) == Some("startup");
            return Some(if is_startup { Value::Method(app, "on_startup()".into()) } else { Value::Unknown });
        }
        (_, "on_startup()") => {
            interpreter.at_startup(app, first());
            return Some(first());
        }
        (Kind::FastApi | Kind::Starlette | Kind::ApiRouter, "add_event_handler") => {
            if arguments.get(0, "event_type").and_then(Value::known_text) != Some("shutdown") {
                interpreter.at_startup(app, arguments.get(1, "func").cloned().unwrap_or(Value::Unknown));
            }
        }
        (Kind::FastApi | Kind::Starlette, "exception_handler")
        | (Kind::Flask | Kind::Blueprint, "errorhandler" | "app_errorhandler") => {
            let of = arguments.get(0, "exc_class_or_status_code").or_else(|| arguments.positional.first());
            let hides = hides_absence(of.or_else(|| arguments.named("code_or_exception")));
            return Some(if hides { Value::Method(app, "errorhandler()".into()) } else { Value::Unknown });
        }
        (Kind::FastApi | Kind::Starlette, "middleware()") => add(interpreter, app, &first(), at),
        (Kind::FastApi | Kind::Starlette, "add_middleware") => {
            let value = made_of(arguments, 0);
            add(interpreter, app, &value, at);
        }
        (Kind::FastApi | Kind::Starlette, "add_exception_handler")
        | (Kind::Flask | Kind::Blueprint, "register_error_handler") => {
            let of = arguments.positional.first().cloned().unwrap_or(Value::Unknown);
            handle(interpreter, app, &of, arguments.positional.get(1), at);
        }
        (_, "errorhandler()") => add_error_handler(interpreter, app, Some(&first()), at),
        (Kind::Flask, "before_request") | (Kind::Blueprint, "before_app_request") => {
            add_hook(interpreter, app, &first(), Answer::None, at);
        }
        (Kind::Flask, "after_request") | (Kind::Blueprint, "after_app_request") => {
            add_hook(interpreter, app, &first(), Answer::At(0), at);
        }
        // They run where a handler of the blueprint answers, and for nothing else.
        (Kind::Blueprint, "before_request" | "after_request") => {}
        _ => return None,
    }
    Some(Value::Unknown)
}

/// Middleware that is made of a class and what that is given: `(BaseHTTPMiddleware, dispatch=…)`.
pub(super) fn made_of<'m>(arguments: &Arguments<'m>, position: usize) -> Value<'m> {
    let class = arguments.get(position, "middleware_class").or_else(|| arguments.get(position, "cls"));
    let class = class.cloned().unwrap_or(Value::Unknown);
    match &class {
        Value::External(name) if name.ends_with(".BaseHTTPMiddleware") => {
            arguments.named("dispatch").cloned().unwrap_or(Value::Unknown)
        }
        _ => class,
    }
}

/// Takes in what an application is made with: `middleware=[…]`, `exception_handlers={…}`.
pub(super) fn made_with<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, arguments: &Arguments<'m>) {
    let at = arguments.at;
    if let Some(all) = arguments.named("middleware").filter(|all| !matches!(all, Value::None)) {
        for item in interpreter.items(all) {
            add(interpreter, app, &item.value, at);
        }
    }
    if let Some(handlers) = arguments.named("exception_handlers").filter(|all| !matches!(all, Value::None)) {
        for (of, handler) in interpreter.entries(handlers) {
            handle(interpreter, app, &of, Some(&handler), at);
        }
    }
}

/// Takes in one that an application runs.
pub(super) fn add<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, middleware: &Value<'m>, at: Span) {
    if !deeds::passes_on(interpreter, middleware) {
        open(interpreter, app, ANSWERS, at);
    }
}

/// Takes in a function that runs before or behind each handler, with where it is given the answer.
pub(super) fn add_hook<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    app: GroupId,
    hook: &Value<'m>,
    answer: Answer,
    at: Span,
) {
    if !deeds::leaves_answer(interpreter, hook, answer) {
        open(interpreter, app, ANSWERS, at);
    }
}

/// Takes in a handler of some error.
pub(super) fn handle<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    app: GroupId,
    of: &Value<'m>,
    handler: Option<&Value<'m>>,
    at: Span,
) {
    if hides_absence(Some(of)) {
        add_error_handler(interpreter, app, handler, at);
    }
}

/// Whether a handler of errors takes what no other handler takes: it is none of another status, nor of a class that the
/// frameworks do not raise there.
fn hides_absence(of: Option<&Value<'_>>) -> bool {
    let Some(of) = of else { return true };
    if let Some(status) = statuses::of_value(of) {
        return matches!(status, 404 | 405);
    }
    match of {
        Value::External(name) => {
            let last = name.rsplit('.').next().unwrap_or(name);
            let is_class = last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase);
            let raised = ["BaseException", "Exception", "HTTPException", "MethodNotAllowed", "NotFound"];
            !is_class || raised.contains(&last)
        }
        Value::Class(_) => false,
        _ => true,
    }
}

/// Takes in a handler of what nothing else answers.
pub(super) fn add_error_handler<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    app: GroupId,
    handler: Option<&Value<'m>>,
    at: Span,
) {
    let keeps_status = match handler {
        Some(Value::External(name)) => passive::gives_back(name),
        Some(handler) => deeds::leaves_answer(interpreter, handler, Answer::Last),
        None => false,
    };
    if !keeps_status {
        open(interpreter, app, HIDES, at);
    }
}
