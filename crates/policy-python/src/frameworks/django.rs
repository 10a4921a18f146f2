//! Django: its URL configuration, from the settings on, and the sockets of Channels.

use policy_http::path::Part;
use policy_http::served::{Answers, Methods};
use policy_text::source::Span;

use super::{middleware, regex, template};
use crate::resolve::group::{Doubt, Entry, GroupId, Kind, Path, Redirects, What};
use crate::resolve::value::{Text, Value};
use crate::resolve::{Arguments, Interpreter};

const LANGUAGE: Doubt = Doubt("whether a language stands before it is not known");

/// What a function of Django gives.
pub(super) fn construct<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    match name {
        "path" => Some(route(interpreter, arguments, |text, _| vec![template::angles(text)])),
        "re_path" | "url" => Some(route(interpreter, arguments, regex::paths)),
        "include" => Some(Value::Group(include(interpreter, arguments))),
        "i18n_patterns" => {
            let group = interpreter.new_group(Kind::Urls, Path::default(), Redirects::None, arguments.at);
            for value in &arguments.positional {
                interpreter.add_value(group, value);
            }
            let language = Path::of([Part::Segment, Part::Literal("/".to_owned())]);
            let entries = interpreter.in_doubt(LANGUAGE, |interpreter| {
                [language, Path::default()]
                    .map(|path| interpreter.entry(path, What::Mounted(group), arguments.at))
            });
            Some(list_of(interpreter, entries.into()))
        }
        "static" => {
            let prefix = arguments.text(0, "prefix");
            let prefix = Text::new(prefix.with_holes().trim_start_matches('/'));
            let entry = interpreter.entry(Path::literal(&prefix), What::FILES, arguments.at);
            Some(list_of(interpreter, vec![entry]))
        }
        "staticfiles_urlpatterns" => Some(list_of(interpreter, Vec::new())),
        "get_wsgi_application" | "get_asgi_application" => Some(application(interpreter, arguments)),
        "execute_from_command_line" => {
            let application = application(interpreter, arguments);
            interpreter.launched.push(application);
            Some(Value::Unknown)
        }
        // A decorator of a view is one.
        _ => arguments.positional.first().filter(|value| is_view(value)).cloned(),
    }
}

/// What a class or function of Channels gives.
pub(super) fn construct_of_channels<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    name: &str,
    arguments: &Arguments<'m>,
) -> Option<Value<'m>> {
    match name {
        "URLRouter" => {
            let at = arguments.at;
            let group = interpreter.new_group(Kind::Urls, Path::default(), Redirects::None, at);
            interpreter.add_value(group, arguments.positional.first().unwrap_or(&Value::Unknown));
            if let Some(group) = interpreter.group_mut(group) {
                for entry in &mut group.entries {
                    if let What::Handler(answers) = &mut entry.what {
                        *answers = Answers::Sockets;
                    }
                }
            }
            Some(Value::Group(group))
        }
        "ProtocolTypeRouter" => {
            let Some(Value::Dict(protocols)) = arguments.positional.first() else { return None };
            let of = |protocol| interpreter.in_dict(*protocols, protocol);
            let (requests, sockets) = (of("http"), of("websocket"));
            let group =
                interpreter.new_group(Kind::Starlette, Path::default(), Redirects::None, arguments.at);
            for (protocol, path) in [(requests, Path::default()), (sockets, Path::literal(&Text::new("/")))] {
                let Some(protocol) = protocol else { continue };
                let what = match interpreter.group_in(&protocol) {
                    Some(inner) => What::Mounted(inner),
                    None => What::Unknown("what answers there is not in the repository"),
                };
                interpreter.register(group, path, what, arguments.at);
            }
            Some(Value::Group(group))
        }
        _ => None,
    }
}

/// Whether a value answers requests by itself.
fn is_view(value: &Value<'_>) -> bool {
    match value {
        Value::Function(_) => true,
        Value::External(name) => !name.ends_with(".urls"),
        _ => false,
    }
}

pub(super) fn list_of<'m>(interpreter: &mut Interpreter<'m, '_>, entries: Vec<Entry>) -> Value<'m> {
    interpreter.list_of_values(vec![Value::Entries(entries.into())])
}

/// `path(route, view)`
fn route<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    arguments: &Arguments<'m>,
    paths: fn(&Text, bool) -> Vec<Path>,
) -> Value<'m> {
    let text = arguments.text(0, "route");
    let view = arguments.get(1, "view").cloned().unwrap_or(Value::Unknown);
    let is_site = matches!(&view, Value::External(name) if name.ends_with("admin.site.urls"));
    let what = match &view {
        Value::Group(group) => What::Mounted(*group),
        _ if is_site => What::Mounted(admin_site(interpreter, arguments.at)),
        view if is_view(view) => What::Handler(Answers::Requests(Methods::Any)),
        _ => What::Unknown("what answers there is not in the repository"),
    };
    let entries: Vec<Entry> = paths(&text, matches!(what, What::Mounted(_)))
        .iter()
        .map(|path| interpreter.entry(path.clone(), what.clone(), arguments.at))
        .collect();
    Value::Entries(entries.into())
}

/// The site answers whatever lies below it.
fn admin_site(interpreter: &mut Interpreter<'_, '_>, at: Span) -> GroupId {
    let site = interpreter.new_group(Kind::AdminSite, Path::default(), Redirects::None, at);
    interpreter.register(site, Path::of([Part::Rest]), What::Handler(Answers::Requests(Methods::Any)), at);
    site
}

/// `include("app.urls")`, `include(router.urls)`, `include((patterns, "app"))`
fn include<'m>(interpreter: &mut Interpreter<'m, '_>, arguments: &Arguments<'m>) -> GroupId {
    let group = interpreter.new_group(Kind::Urls, Path::default(), Redirects::None, arguments.at);
    let included = arguments.get(0, "arg").cloned().unwrap_or(Value::Unknown);
    let first = match &included {
        Value::List(_) => interpreter.items(&included).into_iter().next().map(|item| item.value),
        _ => None,
    };
    let patterns = match (&included, first) {
        (_, Some(first @ (Value::List(_) | Value::Text(_) | Value::Module(_)))) => first,
        _ => included,
    };
    let patterns = match patterns.known_text() {
        Some(module) => interpreter.import(module),
        None => patterns,
    };
    let patterns = match patterns {
        Value::Module(_) => interpreter.dotted_attribute(&patterns, "urlpatterns"),
        patterns => patterns,
    };
    interpreter.add_value(group, &patterns);
    group
}

/// The application of the settings that the environment names.
fn application<'m>(interpreter: &mut Interpreter<'m, '_>, arguments: &Arguments<'m>) -> Value<'m> {
    let at = arguments.at;
    let module = interpreter.environment_variable("DJANGO_SETTINGS_MODULE");
    let settings = module.known_text().map_or(Value::Unknown, |module| interpreter.import(module));
    let mut setting = |name: &str| interpreter.dotted_attribute(&settings, name);
    let configuration = setting("ROOT_URLCONF");
    let append = setting("APPEND_SLASH");
    let middleware = setting("MIDDLEWARE");
    let files = setting("STATIC_URL");
    let serves_files = interpreter.items(&middleware).iter().any(|item| {
        let name = item.value.known_text().filter(|_| item.doubt.is_none());
        name.is_some_and(|name| name.ends_with("WhiteNoiseMiddleware"))
    });
    let names = interpreter.texts(&middleware);
    let runs = |name: &str| names.as_ref().is_none_or(|all| all.iter().any(|one| one.ends_with(name)));
    let redirects = match append.truth() {
        Some(false) => Redirects::None,
        _ if runs("CommonMiddleware") => Redirects::ToSlash,
        _ => Redirects::None,
    };
    let root = Path::literal(&Text::new("/"));
    let group = interpreter.new_group(Kind::Django, root, redirects, at);
    if runs("WhiteNoiseMiddleware") {
        let prefix = files.as_text();
        let prefix = Text::new(prefix.with_holes().trim_start_matches('/'));
        interpreter.register(group, Path::literal(&prefix), What::FILES, at);
        // Every file in that folder is served below the root.
        if own_setting(interpreter, &settings, "WHITENOISE_ROOT").is_some() {
            interpreter.register(group, Path::default(), What::FILES, at);
        }
    }
    match &names {
        Some(names) => {
            for name in names.iter().filter(|name| !name.starts_with("whitenoise.")) {
                let value = named(interpreter, name);
                middleware::add(interpreter, group, &value, at);
            }
        }
        None => middleware::add(interpreter, group, &Value::Unknown, at),
    }
    if let (true, Value::Module(file), Some(url)) = (serves_files, &settings, files.known_text())
        && !url.contains("//")
    {
        let prefix = Path::literal(&Text::new(&format!("/{}", url.trim_start_matches('/'))));
        let set_at = interpreter.assigned_at(*file, "STATIC_URL").unwrap_or(at);
        if let Some(group) = interpreter.group_mut(group) {
            group.page_files = Some((prefix, set_at));
        }
    }
    if let Some(module) = configuration.known_text() {
        let module = interpreter.import(module);
        let patterns = interpreter.dotted_attribute(&module, "urlpatterns");
        interpreter.add_value(group, &patterns);
        if let Some(handler) = own_setting(interpreter, &module, "handler404") {
            let handler = match handler.known_text() {
                Some(name) => named(interpreter, name),
                None => handler,
            };
            middleware::add_error_handler(interpreter, group, Some(&handler), at);
        }
    } else {
        let what = What::Unknown("the settings that it runs with are not known");
        interpreter.register(group, Path::default(), what, at);
    }
    Value::Group(group)
}

/// What a module sets a name to. `None` where it sets none, or nothing.
fn own_setting<'m>(interpreter: &Interpreter<'m, '_>, module: &Value<'m>, name: &str) -> Option<Value<'m>> {
    let Value::Module(file) = module else { return None };
    interpreter.loaded_name(*file, name).filter(|value| !matches!(value, Value::None))
}

/// What a dotted name in the settings stands for.
fn named<'m>(interpreter: &mut Interpreter<'m, '_>, dotted: &str) -> Value<'m> {
    let Some((module, name)) = dotted.rsplit_once('.') else { return Value::Unknown };
    let module = interpreter.import(module);
    interpreter.dotted_attribute(&module, name)
}
