//! Socket.IO in front of an application.

use policy_http::path::Part;
use policy_http::served::Answers;

use crate::resolve::group::{Kind, Path, Redirects, What};
use crate::resolve::value::{Text, Value};
use crate::resolve::{Arguments, Interpreter};

/// The paths below the one that is given.
pub(super) fn path(given: &Text) -> Path {
    let inside = given.with_holes().trim_matches('/');
    Path::of([Part::Literal(format!("/{inside}/")), Part::Rest])
}

/// `ASGIApp(server, other_app, socketio_path=…)`, `WSGIApp(…)`
pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let other = match name {
        "ASGIApp" => "other_asgi_app",
        "WSGIApp" | "Middleware" => "wsgi_app",
        _ => return None,
    };
    let at = arguments.at;
    let group = interpreter.new_group(Kind::Starlette, Path::default(), Redirects::None, at);
    let below = arguments
        .perhaps_named("socketio_path")
        .map_or_else(|| Text::new("socket.io"), |path| path.as_text());
    interpreter.register(group, path(&below), What::Handler(Answers::Sockets), at);
    if arguments.perhaps_named("static_files").is_some_and(|files| !matches!(files, Value::None)) {
        let what = What::Unknown("which files it answers with is not known");
        interpreter.register(group, Path::default(), what, at);
    }
    match arguments.get(1, other) {
        None | Some(Value::None) => {}
        Some(Value::Group(app)) => {
            let redirects = interpreter.group(*app).map_or(Redirects::None, |app| app.redirects);
            if let Some(group) = interpreter.group_mut(group) {
                group.redirects = redirects;
            }
            interpreter.register(group, Path::default(), What::Mounted(*app), at);
        }
        Some(_) => {
            let what = What::Unknown("what stands behind its sockets is not in the repository");
            interpreter.register(group, Path::default(), what, at);
        }
    }
    Some(Value::Group(group))
}
