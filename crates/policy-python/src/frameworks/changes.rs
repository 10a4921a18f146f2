//! What code does to the attributes of applications and routers: what it sets them to, what it adds to the lists that they hold,
//! and which of their methods a class of the repository has of its own.

use policy_text::source::Span;

use super::mounts::open;
use super::{deeds, flask, middleware, own};
use crate::resolve::group::{Doubt, GroupId, Kind, Path, Redirects};
use crate::resolve::value::{ClassId, Value};
use crate::resolve::{Arguments, Interpreter};

const CHANGED: &str = "code of the repository changes what decides its answers";
const OWN_CLASS: &str = "a class of the repository decides what it answers";

/// What code may change of a route without changing which requests it takes.
const OF_ROUTES: [&str; 3] = ["path", "path_format", "path_regex"];

/// `group.name = value`. `false` where the attribute is none that decides anything.
pub(super) fn set<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    name: &str,
    value: &Value<'m>,
    at: Span,
) -> bool {
    let is_starlette = matches!(kind, Kind::FastApi | Kind::Starlette | Kind::ApiRouter);
    let is_certain = !interpreter.is_in_doubt();
    match (kind, name) {
        (Kind::ApiRouter, "prefix") => {
            let Some(router) = interpreter.group_mut(group).filter(|router| router.entries.is_empty()) else {
                open(interpreter, group, CHANGED, at);
                return false;
            };
            router.prefix = if is_certain { Path::literal(&value.as_text()) } else { Path::unknown() };
            return false;
        }
        (Kind::Blueprint, "url_prefix") => {
            let prefix = if is_certain { flask::mounted_at(value) } else { Path::unknown() };
            if let Some(blueprint) = interpreter.group_mut(group) {
                blueprint.proposed = prefix;
            }
            return false;
        }
        (Kind::Flask, "wsgi_app") => stand_before(interpreter, group, value, at),
        (Kind::Flask, "url_map.strict_slashes") if is_certain && value.truth() == Some(false) => {
            if let Some(group) = interpreter.group_mut(group) {
                group.redirects = Redirects::Lenient;
            }
        }
        (_, "redirect_slashes") if is_starlette && is_certain && value.truth() == Some(false) => {
            if let Some(group) = interpreter.group_mut(group) {
                group.redirects = Redirects::None;
            }
        }
        (_, "lifespan_context") if is_starlette => interpreter.at_startup(group, value.clone()),
        (_, "route_class") if is_starlette && takes_as_written(interpreter, value) => {}
        _ => {
            let (first, rest) = name.split_once('.').unwrap_or((name, ""));
            let is_harmless = first == "routes" && !rest.is_empty() && !OF_ROUTES.contains(&rest);
            if !own::decides(kind, first) {
                return false;
            }
            if !is_harmless {
                open(interpreter, group, CHANGED, at);
            }
        }
    }
    true
}

/// Whether a class of routes takes the requests that those of the framework take.
pub(super) fn takes_as_written(interpreter: &Interpreter<'_, '_>, class: &Value<'_>) -> bool {
    match class {
        Value::Class(class) => {
            let own = ["__init__", "matches", "handle", "url_path_for"];
            !interpreter.inherits_unknown(*class)
                && own.iter().all(|name| interpreter.definitions(*class, name).is_empty())
        }
        Value::External(name) => name.ends_with(".APIRoute") || name.ends_with(".Route"),
        _ => false,
    }
}

/// `app.wsgi_app = …`
fn stand_before<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, value: &Value<'m>, at: Span) {
    let before = match value {
        Value::Group(group) => Some(*group),
        wrapper => {
            let inner = interpreter.group_in(wrapper);
            inner.filter(|_| deeds::passes_on(interpreter, wrapper))
        }
    };
    match before {
        Some(before) if !interpreter.is_in_doubt() => {
            if let Some(app) = interpreter.group_mut(app).filter(|_| before != app) {
                app.front = Some(before);
            }
        }
        _ => open(interpreter, app, "what stands before it may answer by itself", at),
    }
}

/// `group.name[key] = value`
pub(super) fn set_item<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    name: &str,
    (key, value): (&Value<'m>, &Value<'m>),
    at: Span,
) {
    match name {
        "exception_handlers" => middleware::handle(interpreter, group, key, Some(value), at),
        _ if own::decides(kind, name.split('.').next().unwrap_or(name)) => {
            open(interpreter, group, CHANGED, at);
        }
        _ => {}
    }
}

/// `group.routes.append(…)`, and what else is called of an attribute.
pub(super) fn call<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    name: &str,
    arguments: &Arguments<'m>,
) {
    let at = arguments.at;
    let Some((attribute, method)) = name.rsplit_once('.') else { return };
    if own::only_reads(method) {
        return;
    }
    let added: Vec<Value<'m>> = match method {
        "append" | "insert" => arguments.positional.last().cloned().into_iter().collect(),
        "extend" => match arguments.positional.first() {
            Some(all @ Value::List(_)) => interpreter.items(all).into_iter().map(|item| item.value).collect(),
            Some(other) => vec![other.clone()],
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    if added.is_empty() {
        return open(interpreter, group, CHANGED, at);
    }
    for value in added {
        match (kind, attribute, &value) {
            (Kind::FastApi | Kind::Starlette | Kind::ApiRouter, "routes", Value::Method(other, name))
                if &**name == "routes" =>
            {
                let copied = interpreter.copied(*other);
                interpreter.register(group, Path::default(), copied, at);
            }
            (Kind::FastApi | Kind::Starlette | Kind::ApiRouter, "routes", value @ Value::Entries(_)) => {
                interpreter.add_value(group, value);
            }
            (_, "on_startup" | "cleanup_ctx", function) => interpreter.at_startup(group, function.clone()),
            (_, "middlewares" | "user_middleware", value) => {
                middleware::add(interpreter, group, value, at);
            }
            (Kind::Aiohttp, "on_response_prepare", hook) => {
                middleware::add_hook(interpreter, group, hook, deeds::Answer::At(1), at);
            }
            _ => open(interpreter, group, CHANGED, at),
        }
    }
}

/// Takes in that an application or router is made by a class of the repository.
pub(super) fn made_by(interpreter: &mut Interpreter<'_, '_>, group: GroupId, class: ClassId, at: Span) {
    let Some(kind) = interpreter.group(group).map(|group| group.kind) else { return };
    if decided_by(interpreter, kind, class) {
        open(interpreter, group, OWN_CLASS, at);
    }
}

/// Whether a class has something of its own that decides what is answered, and is not seen to leave it as it is.
pub(super) fn decided_by(interpreter: &mut Interpreter<'_, '_>, kind: Kind, class: ClassId) -> bool {
    let own = interpreter.class_names(class);
    own.into_iter().filter(|(name, _)| own::decides(kind, name)).any(|(name, value)| match (&*name, &value) {
        ("__call__" | "wsgi_app", Value::Function(method)) => {
            !deeds::overridden_passes(interpreter, class, method)
        }
        ("route_class", value) => !takes_as_written(interpreter, value),
        _ => true,
    })
}

/// `super().__init__(…)` in a class of the repository: what it gives to the class of the framework counts.
pub(super) fn initialise<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    group: GroupId,
    arguments: &Arguments<'m>,
) {
    let Some(class) = interpreter.class_of_group(group) else { return };
    let bases = interpreter.outer_bases(class);
    let outside = interpreter.outside;
    let made = bases.iter().find_map(|base| outside.call(interpreter, base, arguments));
    if let Some(Value::Group(made)) = made {
        interpreter.replace(group, made);
        made_by(interpreter, group, class, arguments.at);
    }
}

/// Registers in doubt where a class of the repository decides how.
pub(super) fn as_its_class<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    work: impl FnOnce(&mut Interpreter<'m, '_>),
) {
    let class = interpreter.class_of_group(group);
    if class.is_some_and(|class| decided_by(interpreter, kind, class)) {
        interpreter.in_doubt(Doubt(OWN_CLASS), work);
    } else {
        work(interpreter);
    }
}
