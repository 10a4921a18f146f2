//! Middleware, and handlers of errors: whether they may answer a request that no other handler takes.

use policy_text::source::Span;

use super::passive;
use crate::parse::syntax::{Expr, Kind as Expression, Statement};
use crate::resolve::group::{GroupId, Kind, Path, What};
use crate::resolve::value::{Callable, Value};
use crate::resolve::{Arguments, Interpreter};

/// The names under which middleware is given what comes after it.
const NEXT: [&str; 7] = ["__call__", "app", "call_next", "dispatch", "get_response", "handler", "next"];

/// The methods of a class by which it looks at requests.
const METHODS: [&str; 6] =
    ["dispatch", "__call__", "process_request", "process_view", "process_response", "process_exception"];

/// Functions that make an answer, beside all whose names end in `Response`.
const ANSWERS: [&str; 5] = ["jsonify", "make_response", "redirect", "render", "send_from_directory"];

/// The part of an application that registers middleware. `None` for any other method.
pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (app, kind): (GroupId, Kind),
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let first = || arguments.positional.first().unwrap_or(&Value::Unknown);
    match (kind, name) {
        // What a decorator is applied to comes by the second call.
        (Kind::FastApi | Kind::Starlette, "middleware") => {
            return Some(Value::Method(app, "middleware()".into()));
        }
        (Kind::FastApi | Kind::Starlette, "exception_handler")
        | (Kind::Flask | Kind::Blueprint, "errorhandler" | "app_errorhandler") => {
            let hides = hides_absence(arguments.get(0, "exc_class_or_status_code"));
            return Some(if hides { Value::Method(app, "errorhandler()".into()) } else { Value::Unknown });
        }
        (Kind::FastApi | Kind::Starlette, "middleware()" | "add_middleware") => {
            add(interpreter, app, first(), arguments.at);
        }
        (Kind::FastApi | Kind::Starlette, "add_exception_handler")
        | (Kind::Flask, "register_error_handler") => {
            if hides_absence(arguments.positional.first()) {
                add_error_handler(interpreter, app, arguments.positional.get(1), arguments.at);
            }
        }
        (_, "errorhandler()") => add_error_handler(interpreter, app, Some(first()), arguments.at),
        (Kind::Flask, "before_request") | (Kind::Blueprint, "before_app_request") => {
            let passes = matches!(first(), Value::Function(function) if returns(function).is_empty());
            if !passes {
                may_answer(interpreter, app, arguments.at);
            }
        }
        _ => return None,
    }
    Some(Value::Unknown)
}

/// Takes in what an application is made with: `middleware=[…]`, `exception_handlers={…}`.
pub(super) fn made_with<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, arguments: &Arguments<'m>) {
    if let Some(all) = arguments.named("middleware") {
        for item in interpreter.items(all) {
            add(interpreter, app, &item.value, arguments.at);
        }
    }
    if let Some(handlers) = arguments.named("exception_handlers")
        && interpreter.items(handlers).iter().any(|item| hides_absence(Some(&item.value)))
    {
        add_error_handler(interpreter, app, None, arguments.at);
    }
}

/// Takes in one that an application runs.
pub(super) fn add<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, middleware: &Value<'m>, at: Span) {
    if !passes_on(interpreter, middleware) {
        may_answer(interpreter, app, at);
    }
}

fn may_answer(interpreter: &mut Interpreter<'_, '_>, app: GroupId, at: Span) {
    interpreter.register(app, Path::default(), What::Unknown("middleware of it may answer by itself"), at);
}

/// Whether a handler of errors takes what no other handler takes.
fn hides_absence(of: Option<&Value<'_>>) -> bool {
    match of {
        Some(Value::Number(status)) => matches!(status, 404 | 405),
        Some(Value::External(name)) => {
            let last = name.rsplit('.').next().unwrap_or(name);
            ["Exception", "HTTPException", "NotFound", "MethodNotAllowed"].contains(&last)
        }
        Some(Value::Class(_)) => false,
        _ => true,
    }
}

fn add_error_handler<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    app: GroupId,
    handler: Option<&Value<'m>>,
    at: Span,
) {
    let keeps_status = matches!(handler, Some(Value::Function(function)) if returns(function).iter().all(|answer| is_error(answer)));
    if !keeps_status {
        let what = What::Unknown("it has an answer of its own where nothing is");
        interpreter.register(app, Path::default(), what, at);
    }
}

/// Whether an answer is one with the status of an error: `jsonify(…), 404`, `JSONResponse(status_code=…)`.
fn is_error(answer: &Expr) -> bool {
    let is_status = |expr: &Expr| match &expr.kind {
        Expression::Number(status) => *status >= 400,
        // `status.HTTP_429_TOO_MANY_REQUESTS`, `HTTPStatus.FORBIDDEN`.
        Expression::Attribute(_, name) if name.starts_with("HTTP_") => {
            name.get("HTTP_".len()..).is_some_and(|status| status.starts_with(['4', '5']))
        }
        Expression::Attribute(_, name) => ["status_code", "code"].contains(&&**name),
        _ => false,
    };
    match &answer.kind {
        Expression::List(parts) => parts.get(1).is_some_and(is_status),
        Expression::Call(_) => {
            answer.named("status_code").or_else(|| answer.named("status")).is_some_and(is_status)
        }
        _ => false,
    }
}

fn passes_on<'m>(interpreter: &Interpreter<'m, '_>, middleware: &Value<'m>) -> bool {
    match middleware {
        Value::External(name) => passive::adds_nothing(name),
        Value::Function(function) => !answers(&function.function.body, true),
        Value::Class(class) => {
            let methods = METHODS.iter().filter_map(|name| match interpreter.class_attribute(*class, name) {
                Some(Value::Function(function)) => Some(function),
                _ => None,
            });
            let methods: Vec<Callable<'m>> = methods.collect();
            !methods.is_empty() && methods.iter().all(|method| !answers(&method.function.body, false))
        }
        _ => false,
    }
}

/// What a function gives, but for nothing at all.
fn returns<'m>(function: &Callable<'m>) -> Vec<&'m Expr> {
    let mut found = Vec::new();
    each(&function.function.body, false, &mut |statement| {
        if let Statement::Return(Some(value)) = statement
            && value.kind != Expression::None
        {
            found.push(value);
        }
    });
    found
}

/// Whether code may answer a request by itself and not hand it on as it came. What it refuses has no answer.
fn answers(body: &[Statement], within: bool) -> bool {
    // The names of answers from behind, and of the request's own address.
    let mut named = Vec::new();
    each(body, within, &mut |statement| {
        if let Statement::Assign { targets, value } = statement
            && (value.is_named(&NEXT) || is_secure_address(value))
        {
            named.extend(targets);
        }
    });
    let is_from_behind = |value: &Expr| match &value.kind {
        Expression::Name(name) => named.iter().any(|target| target.is_named(&[&**name])),
        _ => value.is_named(&NEXT) || is_secure_address(value),
    };
    let is_from_behind = |value: &Expr| match &value.kind {
        Expression::Call(call) if value.is_named(&["str"]) => call.positional.iter().any(is_from_behind),
        _ => is_from_behind(value),
    };
    let mut found = false;
    each(body, within, &mut |statement| {
        found |= match statement {
            Statement::Return(Some(value)) => match &value.kind {
                Expression::Call(call) => {
                    let mut given = call.positional.iter().chain(call.named.iter().map(|(_, value)| value));
                    let is_from_behind = is_from_behind(value) || given.any(is_from_behind);
                    changes_path(value) || !is_from_behind && !is_error(value)
                }
                Expression::None | Expression::Name(_) | Expression::Attribute(..) => false,
                _ => true,
            },
            Statement::Assign { targets, value } => {
                targets.iter().any(is_path) || changes_path(value) || makes_answer(value)
            }
            Statement::Expression(value) => match &value.kind {
                Expression::Call(call) => {
                    changes_path(value) || value.is_named(&["send"]) || makes_answer(&call.function)
                }
                _ => false,
            },
            _ => false,
        };
    });
    found
}

/// `request.url.replace(scheme="https")`: the client is told to ask for the same path again.
fn is_secure_address(value: &Expr) -> bool {
    value.is_named(&["replace"]) && value.named("scheme").is_some() && value.named("path").is_none()
}

/// What holds the path of a request.
const PATHS: [&str; 5] = ["path", "path_info", "raw_path", "root_path", "PATH_INFO"];

/// `scope["path"]`, `request.path_info`.
fn is_path(target: &Expr) -> bool {
    match &target.kind {
        Expression::Item(_, key) => key.as_text().is_some_and(|key| PATHS.contains(&key)),
        Expression::Attribute(..) => target.is_named(&PATHS),
        _ => false,
    }
}

/// Whether a request gets another path here: `{**scope, "path": …}`, `dict(scope, path=…)`, also where it is handed on.
fn changes_path(value: &Expr) -> bool {
    match &value.kind {
        Expression::Dict(entries) => {
            let mut keys = entries.iter().filter_map(|(key, _)| key.as_ref()?.as_text());
            keys.any(|key| PATHS.contains(&key)) && entries.iter().any(|(key, _)| key.is_none())
        }
        Expression::Call(call) => {
            let makes_scope = value.is_named(&["dict", "update"]);
            makes_scope && PATHS.iter().any(|path| value.named(path).is_some())
                || call.positional.iter().any(changes_path)
        }
        _ => false,
    }
}

fn makes_answer(value: &Expr) -> bool {
    let Expression::Call(call) = &value.kind else { return false };
    let (Expression::Name(name) | Expression::Attribute(_, name)) = &call.function.kind else { return false };
    (name.ends_with("Response") || ANSWERS.contains(&&**name)) && !is_error(value)
}

/// Goes through statements and those in them: in functions `within` too, which are what a factory gives.
fn each<'s>(body: &'s [Statement], within: bool, see: &mut impl FnMut(&'s Statement)) {
    for statement in body {
        see(statement);
        match statement {
            Statement::If { body, otherwise, .. } => {
                each(body, within, see);
                each(otherwise, within, see);
            }
            Statement::For { body, .. } | Statement::Perhaps { body, .. } | Statement::With { body, .. } => {
                each(body, within, see);
            }
            Statement::Try { body, handlers, otherwise, .. } => {
                each(body, within, see);
                for handler in handlers {
                    each(handler, within, see);
                }
                each(otherwise, within, see);
            }
            Statement::Function(function) if within => each(&function.body, within, see),
            _ => {}
        }
    }
}
