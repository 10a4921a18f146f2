//! Applications that stand around others, and answer some requests themselves.

use super::mounts::{self, mounted};
use super::statuses;
use crate::resolve::group::{GroupId, Kind, Path, Redirects, What};
use crate::resolve::value::{Text, Value};
use crate::resolve::{Arguments, Interpreter};

/// What Werkzeug makes of applications.
pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    match name {
        "DispatcherMiddleware" => Some(around(interpreter, arguments, "mounts", |value| mounted(value))),
        "SharedDataMiddleware" => Some(around(interpreter, arguments, "exports", |_| What::FILES)),
        "run_simple" => {
            let app = arguments.get(2, "application").cloned().unwrap_or(Value::Unknown);
            interpreter.launched.push(app);
            Some(Value::Unknown)
        }
        "Response" | "BaseResponse" => refusal(interpreter, arguments, arguments.get(1, "status")),
        "NotFound" => refusal(interpreter, arguments, Some(&Value::Number(404))),
        _ => None,
    }
}

/// An application that answers each request with an error, and so serves nothing.
fn refusal<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    arguments: &Arguments<'m>,
    status: Option<&Value<'m>>,
) -> Option<Value<'m>> {
    let is_error = status.and_then(statuses::of_value).is_some_and(|status| status >= 400);
    let mut new = || interpreter.new_group(Kind::Opaque, Path::default(), Redirects::None, arguments.at);
    is_error.then(|| Value::Group(new()))
}

/// `DispatcherMiddleware(app, {"/prefix": other})`: what is mounted, and the application behind it.
fn around<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    arguments: &Arguments<'m>,
    named: &str,
    what: fn(&Value<'m>) -> What,
) -> Value<'m> {
    let at = arguments.at;
    let group = interpreter.new_group(Kind::Opaque, Path::default(), Redirects::None, at);
    match arguments.get(1, named) {
        None => {}
        Some(value @ Value::Dict(_)) => {
            for (prefix, value) in interpreter.entries(value) {
                let prefix = prefix.as_text();
                let prefix = Path::literal(&Text::new(prefix.with_holes().trim_end_matches('/')));
                interpreter.register(group, prefix, what(&value), at);
            }
        }
        Some(_) => mounts::open(interpreter, group, "what is mounted there is not known", at),
    }
    let behind = arguments.get(0, "app").cloned().unwrap_or(Value::Unknown);
    interpreter.register(group, Path::default(), mounted(&behind), at);
    Value::Group(group)
}

/// `WhiteNoise(app, root=…)`
pub(super) fn white_noise<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let Some(Value::Group(app)) = arguments.get(0, "application").filter(|_| name == "WhiteNoise") else {
        return None;
    };
    let at = arguments.at;
    let group = interpreter.new_group(Kind::Opaque, Path::default(), Redirects::None, at);
    let root = arguments.get(1, "root").is_some_and(|root| !matches!(root, Value::None));
    if root || arguments.has_others {
        let prefix = arguments.get(2, "prefix").map_or_else(|| Text::new(""), Value::as_text);
        files_below(interpreter, group, &prefix, arguments);
    }
    interpreter.register(group, Path::default(), What::Mounted(*app), at);
    Some(Value::Group(group))
}

fn files_below<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    group: GroupId,
    prefix: &Text,
    arguments: &Arguments<'m>,
) {
    let prefix = Text::new(&format!("/{}", prefix.with_holes().trim_matches('/')));
    interpreter.register(group, Path::literal(&prefix), What::FILES, arguments.at);
}

/// `wrapped.add_files(root, prefix=…)`. `false` for any other method.
pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    group: GroupId,
    name: &str,
    arguments: &Arguments<'m>,
) -> bool {
    if name == "add_files" {
        let prefix = arguments.get(1, "prefix").map_or_else(|| Text::new(""), Value::as_text);
        files_below(interpreter, group, &prefix, arguments);
    }
    name == "add_files"
}
