//! Starlette, and `FastAPI` on it.

use policy_http::served::{Answers, Methods};

use super::mounts::{self, mounted};
use super::{changes, middleware, template};
use crate::resolve::group::{Doubt, GroupId, Kind, Path, Redirects, What, requests};
use crate::resolve::value::{Text, Value};
use crate::resolve::{Arguments, Interpreter};

/// The verbs that are methods of applications and routers.
const VERBS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let at = arguments.at;
    let group = match name {
        "FastAPI" => {
            let group = interpreter.new_group(Kind::FastApi, Path::default(), redirects(arguments), at);
            documentation(interpreter, group, arguments);
            starts_with(interpreter, group, arguments);
            add_routes(interpreter, group, arguments.named("routes"));
            middleware::made_with(interpreter, group, arguments);
            let root = arguments.perhaps_named("root_path").filter(|root| root.truth() != Some(false));
            if let (Some(root), Some(group)) = (root, interpreter.group_mut(group)) {
                group.also_below = Some(Path::literal(&root.as_text()));
            }
            group
        }
        "APIRouter" => {
            let prefix = prefix(arguments);
            let router = interpreter.new_group(Kind::ApiRouter, prefix, Redirects::None, at);
            let given = arguments.perhaps_named("prefix").unwrap_or_else(|| Value::text(""));
            interpreter.set_attribute_of(router, "prefix", given);
            add_routes(interpreter, router, arguments.named("routes"));
            if arguments
                .named("route_class")
                .is_some_and(|class| !changes::takes_as_written(interpreter, class))
            {
                mounts::open(interpreter, router, "a class of the repository decides what it answers", at);
            }
            router
        }
        "Starlette" | "Router" => {
            let position = usize::from(name == "Starlette");
            let group = interpreter.new_group(Kind::Starlette, Path::default(), redirects(arguments), at);
            add_routes(interpreter, group, arguments.get(position, "routes"));
            starts_with(interpreter, group, arguments);
            middleware::made_with(interpreter, group, arguments);
            if arguments.perhaps_named("default").is_some_and(|default| !matches!(default, Value::None)) {
                mounts::open(interpreter, group, "what it does with all other paths is not known", at);
            }
            group
        }
        "Middleware" => return Some(middleware::made_of(arguments, 0)),
        // Around an application, as a server runs it.
        "BaseHTTPMiddleware" => {
            let Some(Value::Group(app)) = arguments.get(0, "app") else { return None };
            let dispatch = arguments.get(1, "dispatch").cloned().unwrap_or(Value::Unknown);
            middleware::add(interpreter, *app, &dispatch, at);
            *app
        }
        "Route" | "WebSocketRoute" | "Mount" => return Some(route(interpreter, name, arguments)),
        "StaticFiles" => {
            let group = interpreter.new_group(Kind::Opaque, Path::default(), Redirects::None, at);
            interpreter.register(group, Path::default(), What::FILES, at);
            group
        }
        _ => return None,
    };
    Some(Value::Group(group))
}

/// Remembers what an application calls when it starts.
fn starts_with<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, arguments: &Arguments<'m>) {
    if let Some(function) = arguments.named("lifespan") {
        interpreter.at_startup(app, function.clone());
    }
    for item in
        arguments.named("on_startup").map(|functions| interpreter.items(functions)).into_iter().flatten()
    {
        interpreter.at_startup(app, item.value);
    }
}

fn redirects(arguments: &Arguments<'_>) -> Redirects {
    match arguments.perhaps_named("redirect_slashes").map_or(Some(true), |redirects| redirects.truth()) {
        Some(false) => Redirects::None,
        Some(true) | None => Redirects::Both,
    }
}

fn prefix(arguments: &Arguments<'_>) -> Path {
    arguments.perhaps_named("prefix").map_or_else(Path::default, |prefix| Path::literal(&prefix.as_text()))
}

/// The pages that describe an application, which it serves unless it is told not to. Each is served only where the one before
/// it in its row is.
fn documentation<'m>(interpreter: &mut Interpreter<'m, '_>, app: GroupId, arguments: &Arguments<'m>) {
    const SCHEMA: (&str, &str) = ("openapi_url", "/openapi.json");
    let rows = [
        &[SCHEMA][..],
        &[SCHEMA, ("docs_url", "/docs")],
        &[SCHEMA, ("docs_url", "/docs"), ("swagger_ui_oauth2_redirect_url", "/docs/oauth2-redirect")],
        &[SCHEMA, ("redoc_url", "/redoc")],
    ];
    for row in rows {
        let urls: Vec<Value<'m>> = row
            .iter()
            .map(|(name, default)| arguments.perhaps_named(name).unwrap_or_else(|| Value::text(default)))
            .collect();
        let (Some((_, default)), Some(url)) = (row.last(), urls.last()) else { continue };
        if urls.iter().any(|url| url.truth() == Some(false)) {
            continue;
        }
        let path = template::braces(&Text::new(url.known_text().unwrap_or(default)));
        let (what, at) = (What::Handler(requests(["GET"])), arguments.at);
        if urls.iter().all(|url| url.known_text().is_some()) {
            interpreter.register(app, path, what, at);
        } else {
            let doubt = Doubt("whether the application serves its documentation is not known");
            interpreter.in_doubt(doubt, |interpreter| interpreter.register(app, path, what, at));
        }
    }
}

/// Adds what `routes=[…]` lists.
fn add_routes<'m>(interpreter: &mut Interpreter<'m, '_>, group: GroupId, routes: Option<&Value<'m>>) {
    let Some(routes) = routes else { return };
    for item in interpreter.items(routes) {
        interpreter.add(group, &item);
    }
}

/// `Route(path, endpoint)`, `WebSocketRoute(…)`, `Mount(path, app)`
fn route<'m>(interpreter: &mut Interpreter<'m, '_>, name: &str, arguments: &Arguments<'m>) -> Value<'m> {
    let text = arguments.text(0, "path");
    let (path, what) = match name {
        "Route" => {
            (template::braces(&text), What::Handler(methods(interpreter, arguments, &["GET", "HEAD"])))
        }
        "WebSocketRoute" => (template::braces(&text), What::Handler(Answers::Sockets)),
        _ => {
            let app = match arguments.named("routes") {
                None => arguments.get(1, "app").cloned().unwrap_or(Value::Unknown),
                Some(routes) => {
                    let at = arguments.at;
                    let group = interpreter.new_group(Kind::Starlette, Path::default(), Redirects::Both, at);
                    add_routes(interpreter, group, Some(routes));
                    Value::Group(group)
                }
            };
            (mounted_at(&text), mounted(&app))
        }
    };
    Value::Entries([interpreter.entry(path, what, arguments.at)].into())
}

fn mounted_at(text: &Text) -> Path {
    template::braces(&Text::new(text.with_holes().trim_end_matches('/')))
}

/// The methods that are given, or else those that the framework takes.
fn methods<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    arguments: &Arguments<'m>,
    default: &[&str],
) -> Answers {
    match arguments.perhaps_named("methods") {
        None | Some(Value::None) => requests(default.iter().copied()),
        Some(given) => match interpreter.texts(&given) {
            Some(methods) => requests(methods.iter().map(String::as_str)),
            None => Answers::Requests(Methods::Any),
        },
    }
}

pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let at = arguments.at;
    let text = arguments.text(0, "path");
    let path = template::braces(&text);
    let handler = match name {
        _ if VERBS.contains(&name) => requests([name]),
        "api_route" | "add_api_route" => methods(interpreter, arguments, &["GET"]),
        "route" | "add_route" => methods(interpreter, arguments, &["GET", "HEAD"]),
        "websocket" | "websocket_route" | "add_api_websocket_route" | "add_websocket_route" => {
            Answers::Sockets
        }
        "include_router" => {
            include(interpreter, group, arguments);
            return Some(Value::Unknown);
        }
        "mount" => {
            // A router hands no mounts to what includes it.
            if kind != Kind::ApiRouter {
                let app = arguments.get(1, "app").cloned().unwrap_or(Value::Unknown);
                interpreter.register(group, mounted_at(&text), mounted(&app), at);
            }
            return Some(Value::Unknown);
        }
        _ => return None,
    };
    interpreter.register(group, path, What::Handler(handler), at);
    Some(Value::Unknown)
}

/// `Instrumentator().instrument(app).expose(app)`: middleware that only looks on, and a handler for its metrics.
pub(super) fn instrument<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    dotted: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let (instrumentator, name) = dotted.rsplit_once('.').filter(|(made, _)| made.ends_with("()"))?;
    match (name, arguments.get(0, "app")) {
        ("instrument" | "add", _) => {}
        ("expose", Some(Value::Group(app))) => {
            let endpoint = arguments.get(2, "endpoint").map_or_else(|| Text::new("/metrics"), Value::as_text);
            let path = template::braces(&endpoint);
            interpreter.register(*app, path, What::Handler(requests(["GET"])), arguments.at);
        }
        _ => return None,
    }
    Some(Value::external(instrumentator))
}

/// `include_router(router, prefix=…)`
fn include<'m>(interpreter: &mut Interpreter<'m, '_>, group: GroupId, arguments: &Arguments<'m>) {
    let what = match arguments.get(0, "router") {
        Some(Value::Group(router)) => interpreter.copied(*router),
        _ => What::Unknown("the router is not in the repository"),
    };
    interpreter.register(group, prefix(arguments), what, arguments.at);
}
