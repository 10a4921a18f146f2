//! Routes that aiohttp applications register.

use policy_http::served::{Answers, Methods};

use super::mounts::mounted;
use super::{middleware, template};
use crate::resolve::group::{Entry, GroupId, Kind, Path, Redirects, What, requests};
use crate::resolve::value::{Text, Value};
use crate::resolve::{Arguments, Interpreter};

const VERBS: [&str; 6] = ["get", "post", "put", "patch", "delete", "options"];

/// `Application()`, `RouteTableDef()`, `get(path, handler)`
pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let kind = match name {
        "Application" => Kind::Aiohttp,
        "RouteTableDef" => Kind::RouteTable,
        "run_app" => {
            let app = arguments.get(0, "app").cloned().unwrap_or(Value::Unknown);
            interpreter.launched.push(app);
            return Some(Value::Unknown);
        }
        _ => return Some(Value::Entries([route(interpreter, name, arguments)?].into())),
    };
    let group = interpreter.new_group(kind, Path::default(), Redirects::None, arguments.at);
    for item in arguments.named("middlewares").map(|all| interpreter.items(all)).into_iter().flatten() {
        middleware::add(interpreter, group, &item.value, arguments.at);
    }
    Some(Value::Group(group))
}

/// What a function or method of that name registers.
fn route<'m>(interpreter: &Interpreter<'m, '_>, name: &str, arguments: &Arguments<'m>) -> Option<Entry> {
    let text = |position| arguments.text(position, "path");
    let handler = |answers, position| (template::aiohttp(&text(position)), What::Handler(answers));
    let (path, what) = match name {
        "get" => handler(requests(["GET", "HEAD"]), 0),
        "view" => handler(Answers::Requests(Methods::Any), 0),
        "route" => match arguments.get(0, "method").and_then(Value::known_text) {
            None | Some("*") => handler(Answers::Requests(Methods::Any), 1),
            Some(method) => handler(requests([method]), 1),
        },
        "static" => {
            let prefix = arguments.text(0, "prefix");
            (Path::literal(&prefix), What::FILES)
        }
        _ if VERBS.contains(&name) => handler(requests([name]), 0),
        _ => return None,
    };
    Some(interpreter.entry(path, what, arguments.at))
}

pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    match (kind, name) {
        (Kind::Aiohttp, "add_routes") => {
            let routes = arguments.positional.first().cloned().unwrap_or(Value::Unknown);
            interpreter.add_value(group, &routes);
        }
        // A resource of the group, whose methods are given to it one by one.
        (Kind::Aiohttp, "add_resource") => {
            let path = template::aiohttp(&arguments.text(0, "path"));
            let resource =
                interpreter.new_group(Kind::Resource, Path::default(), Redirects::None, arguments.at);
            interpreter.register(group, path, What::Mounted(resource), arguments.at);
            return Some(Value::Group(resource));
        }
        (Kind::Resource, "add_route") => {
            let answers = match arguments.get(0, "method").and_then(Value::known_text) {
                None | Some("*") => Answers::Requests(Methods::Any),
                Some(method) => requests([method]),
            };
            interpreter.register(group, Path::default(), What::Handler(answers), arguments.at);
        }
        (Kind::Aiohttp, "get" | "pop") => {}
        (Kind::Aiohttp, "add_subapp") => {
            let prefix = arguments.text(0, "prefix");
            let prefix = Path::literal(&Text::new(prefix.with_holes().trim_end_matches('/')));
            let app = arguments.get(1, "subapp").unwrap_or(&Value::Unknown);
            interpreter.register(group, prefix, mounted(app), arguments.at);
        }
        _ => {
            let name = if kind == Kind::Aiohttp { name.strip_prefix("add_") } else { Some(name) };
            let entry = name.and_then(|name| route(interpreter, name, arguments))?;
            interpreter.register(group, entry.path, entry.what, entry.at);
        }
    }
    Some(Value::Unknown)
}
