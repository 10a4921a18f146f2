//! Flask, with its extensions for resources and sockets.

use policy_http::path::Part;
use policy_http::served::{Answers, Methods};

use super::template;
use crate::resolve::group::{Doubt, GroupId, Kind, Path, Redirects, What, requests};
use crate::resolve::value::{HOLE, Text, Value};
use crate::resolve::{Arguments, Interpreter};

const DESCRIBED: Doubt = Doubt("whether the resources are described there is not known");

/// `Flask(…)`, `Blueprint(…)`
pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let at = arguments.at;
    let (kind, redirects) = match name {
        "Flask" => (Kind::Flask, Redirects::ToSlash),
        "Blueprint" => (Kind::Blueprint, Redirects::None),
        _ => return None,
    };
    let group = interpreter.new_group(kind, Path::default(), redirects, at);
    if let (Some(prefix), Some(group)) = (arguments.perhaps_named("url_prefix"), interpreter.group_mut(group))
    {
        group.proposed = mounted_at(&prefix);
    }
    if kind == Kind::Blueprint {
        let given = arguments.perhaps_named("url_prefix").unwrap_or(Value::None);
        interpreter.set_attribute_of(group, "url_prefix", given);
    }
    // An application has a folder of files unless it is told not to, a blueprint where it is told to.
    let folder = arguments.named("static_folder");
    let has_files = match folder.map(Value::truth) {
        None => kind == Kind::Flask,
        Some(truth) => truth != Some(false),
    };
    if has_files {
        let folder = folder.map_or_else(|| Text::new("static"), Value::as_text);
        let last =
            folder.with_holes().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
        let below = match arguments.named("static_url_path") {
            Some(path) => mounted_at(path),
            None => Path::literal(&Text::new(&format!("/{last}"))),
        };
        let below = below.then(&Path::literal(&Text::new("/")));
        interpreter.register(group, below, What::FILES, at);
    }
    Some(Value::Group(group))
}

/// What extensions of Flask make.
pub(super) fn construct_of_extension<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    package: &str,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    let at = arguments.at;
    let app = match arguments.get(0, "app") {
        Some(Value::Group(app)) => Some(*app),
        _ => None,
    };
    let kind = match (package, name) {
        ("flask_smorest", "Blueprint") => return construct(interpreter, name, arguments),
        // Whatever is registered with it is registered with the application.
        ("flask_smorest", "Api") => return app.map(Value::Group),
        ("flask_restful" | "flask_restx" | "flask_restplus", "Api") => Kind::Resources,
        ("flask_restx" | "flask_restplus", "Namespace") => return Some(namespace(interpreter, arguments)),
        ("flask_socketio", "SocketIO") => Kind::Sockets,
        _ => return None,
    };
    let group = interpreter.new_group(kind, Path::default(), Redirects::None, at);
    if kind == Kind::Resources {
        let prefix =
            arguments.perhaps_named("prefix").map_or_else(Path::default, |prefix| mounted_at(&prefix));
        if let Some(group) = interpreter.group_mut(group) {
            group.prefix = prefix;
        }
        if package != "flask_restful" {
            describe(interpreter, group, arguments);
        }
    }
    if let Some(app) = app {
        attach(interpreter, group, kind, app, arguments);
    }
    Some(Value::Group(group))
}

/// The pages that describe resources.
fn describe<'m>(interpreter: &mut Interpreter<'m, '_>, api: GroupId, arguments: &Arguments<'m>) {
    let page = arguments.named("doc").map_or_else(|| Path::literal(&Text::new("/")), mounted_at);
    let literal = |text| Path::literal(&Text::new(text));
    let files = Path::of([Part::Literal("/swaggerui/".to_owned()), Part::Rest]);
    interpreter.in_doubt(DESCRIBED, |interpreter| {
        for path in [page, literal("/swagger.json"), files] {
            interpreter.register(api, path, What::Handler(requests(["GET"])), arguments.at);
        }
    });
}

/// `Namespace(name, path=…)`
fn namespace<'m>(interpreter: &mut Interpreter<'m, '_>, arguments: &Arguments<'m>) -> Value<'m> {
    let group = interpreter.new_group(Kind::Resources, Path::default(), Redirects::None, arguments.at);
    let name = arguments.text(0, "name");
    let path = match arguments.named("path") {
        None | Some(Value::None) => Path::literal(&Text::new(&format!("/{}", name.with_holes()))),
        Some(path) => mounted_at(path),
    };
    if let Some(group) = interpreter.group_mut(group) {
        group.proposed = path;
    }
    Value::Group(group)
}

/// Gives what an extension made to an application.
fn attach<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    extension: GroupId,
    kind: Kind,
    app: GroupId,
    arguments: &Arguments<'m>,
) {
    let at = arguments.at;
    match kind {
        Kind::Sockets => {
            let given = arguments.perhaps_named("path").or_else(|| arguments.perhaps_named("resource"));
            let path = given.map_or_else(|| Text::new("socket.io"), |path| path.as_text());
            interpreter.register(app, super::socketio::path(&path), What::Handler(Answers::Sockets), at);
        }
        _ => interpreter.register(app, Path::default(), What::Mounted(extension), at),
    }
}

/// A prefix, without the slash at its end.
pub(super) fn mounted_at(prefix: &Value<'_>) -> Path {
    match prefix {
        Value::None | Value::Bool(_) => Path::default(),
        prefix => template::angles(&Text::new(prefix.as_text().with_holes().trim_end_matches('/'))),
    }
}

/// A rule below whatever prefix it gets.
fn rule(text: &Text) -> Path {
    let written = text.with_holes();
    let needs_slash = !written.is_empty() && !written.starts_with(['/', HOLE]);
    template::angles(&if needs_slash { Text::new("/").then(text) } else { text.clone() })
}

pub(super) fn method<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    (group, kind): (GroupId, Kind),
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    match (kind, name) {
        (Kind::Flask | Kind::Blueprint, "register_blueprint") => {
            mount(interpreter, group, "url_prefix", arguments);
        }
        (Kind::Resources, "add_namespace") => mount(interpreter, group, "path", arguments),
        (Kind::Resources, "namespace") => {
            let namespace = namespace(interpreter, arguments);
            let arguments =
                Arguments { positional: vec![namespace.clone()], ..Arguments::none(arguments.at) };
            mount(interpreter, group, "path", &arguments);
            return Some(namespace);
        }
        (Kind::Resources, "route" | "resource") => {
            resources(interpreter, group, &arguments.positional, arguments);
        }
        (Kind::Resources, "add_resource") => {
            resources(interpreter, group, arguments.positional.get(1..).unwrap_or_default(), arguments);
        }
        (Kind::Resources | Kind::Sockets, "init_app") => {
            if let Some(Value::Group(app)) = arguments.get(0, "app") {
                attach(interpreter, group, kind, *app, arguments);
            }
        }
        (Kind::Sockets, "run") => {
            if let Some(app) = arguments.get(0, "app") {
                interpreter.launched.push(app.clone());
            }
        }
        (Kind::Flask, "run") => interpreter.launched.push(Value::Group(group)),
        (Kind::Flask | Kind::Blueprint, "get" | "post" | "put" | "delete" | "patch") => {
            handler(interpreter, group, Some(name), arguments);
        }
        (Kind::Flask | Kind::Blueprint, "route" | "add_url_rule") => {
            handler(interpreter, group, None, arguments);
        }
        _ => return None,
    }
    Some(Value::Unknown)
}

/// `route(rule, methods=…)`, `add_url_rule(rule, endpoint, view, methods=…)`
fn handler<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    group: GroupId,
    verb: Option<&str>,
    arguments: &Arguments<'m>,
) {
    let text = arguments.text(0, "rule");
    let view = arguments.get(2, "view_func");
    let answers = match (verb, arguments.perhaps_named("methods")) {
        (Some(verb), _) => methods([verb]),
        (None, None | Some(Value::None)) => match view {
            // A class of views says itself what it answers.
            Some(view) if !matches!(view, Value::Function(_)) => Answers::Requests(Methods::Any),
            _ => methods(["GET"]),
        },
        (None, Some(given)) => match interpreter.texts(&given) {
            Some(given) => methods(given.iter().map(String::as_str)),
            None => Answers::Requests(Methods::Any),
        },
    };
    let path = rule(&text);
    let is_lenient = arguments.named("strict_slashes").is_some_and(|strict| strict.truth() == Some(false));
    let what = if is_lenient { What::LenientHandler(answers) } else { What::Handler(answers) };
    interpreter.register(group, path, what, arguments.at);
}

/// The methods of a rule, with those that Flask adds.
fn methods<'a>(given: impl IntoIterator<Item = &'a str>) -> Answers {
    let mut methods: Vec<String> = given.into_iter().map(str::to_uppercase).collect();
    for (added, with) in [("HEAD", Some("GET")), ("OPTIONS", None)] {
        let is_added = with.is_none_or(|with| methods.iter().any(|method| method == with));
        if is_added && methods.iter().all(|method| method != added) {
            methods.push(added.to_owned());
        }
    }
    Answers::Requests(Methods::Only(methods))
}

fn resources<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    group: GroupId,
    rules: &[Value<'m>],
    arguments: &Arguments<'m>,
) {
    for text in rules {
        let what = What::Handler(Answers::Requests(Methods::Any));
        interpreter.register(group, rule(&text.as_text()), what, arguments.at);
    }
}

/// `register_blueprint(blueprint, url_prefix=…)`
fn mount<'m>(interpreter: &mut Interpreter<'m, '_>, group: GroupId, prefix: &str, arguments: &Arguments<'m>) {
    let given = arguments.perhaps_named(prefix).filter(|given| !matches!(given, Value::None));
    let (what, proposed) = match arguments.positional.first() {
        Some(Value::Group(mounted)) => {
            let proposed = interpreter.group(*mounted).map(|group| group.proposed.clone());
            (What::Mounted(*mounted), proposed.unwrap_or_default())
        }
        _ => (What::Unknown("what is mounted there is not in the repository"), Path::default()),
    };
    let path = given.map_or(proposed, |given| mounted_at(&given));
    interpreter.register(group, path, what, arguments.at);
}
