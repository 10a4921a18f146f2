//! What the frameworks bring: applications and routers, and what their methods register.

mod aiohttp;
mod changes;
mod deeds;
mod django;
mod flask;
mod middleware;
mod mounts;
mod own;
mod passive;
mod regex;
mod rest;
mod socketio;
mod starlette;
mod statuses;
mod template;
mod walk;
mod wrapping;

use policy_text::source::Span;

use crate::resolve::group::{GroupId, Kind};
use crate::resolve::value::{ClassId, Value};
use crate::resolve::{Arguments, Interpreter, Outside};

/// The frameworks that are known.
pub(crate) struct Frameworks;

impl Outside for Frameworks {
    fn call<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        dotted: &str,
        arguments: &Arguments<'m>,
    ) -> Option<Value<'m>> {
        let package = dotted.split('.').next()?;
        let name = dotted.rsplit('.').next()?;
        match package {
            // What a class of views makes of itself.
            _ if ["as_asgi", "as_view"].contains(&name) => Some(Value::External(dotted.into())),
            "aiohttp" if dotted.starts_with("aiohttp.web") => {
                aiohttp::construct(interpreter, name, arguments)
            }
            "channels" => django::construct_of_channels(interpreter, name, arguments),
            "rest_framework" | "rest_framework_nested" if dotted.contains(".routers.") => {
                rest::construct(interpreter, name, arguments)
            }
            "django" | "rest_framework" => django::construct(interpreter, name, arguments),
            "fastapi" | "starlette" => starlette::construct(interpreter, name, arguments),
            "flask" if name == "Response" => wrapping::construct(interpreter, name, arguments),
            "flask" => flask::construct(interpreter, name, arguments),
            "werkzeug" => wrapping::construct(interpreter, name, arguments),
            "whitenoise" => wrapping::white_noise(interpreter, name, arguments),
            _ if package.starts_with("flask_") => {
                flask::construct_of_extension(interpreter, package, name, arguments)
            }
            "prometheus_fastapi_instrumentator" => starlette::instrument(interpreter, dotted, arguments),
            "engineio" | "socketio" => socketio::construct(interpreter, name, arguments),
            "waitress" if name == "serve" => launch(interpreter, arguments),
            "uvicorn" if ["Config", "run"].contains(&name) => launch(interpreter, arguments),
            _ => None,
        }
    }

    fn adds_nothing(&self, dotted: &str) -> bool {
        passive::adds_nothing(dotted)
    }

    fn passes_on(&self, dotted: &str) -> bool {
        passive::passes_on(dotted)
    }

    fn wrapper_passes<'m>(&self, interpreter: &mut Interpreter<'m, '_>, wrapper: &Value<'m>) -> bool {
        deeds::passes_on(interpreter, wrapper)
    }

    fn decides(&self, interpreter: &Interpreter<'_, '_>, group: GroupId, name: &str) -> bool {
        let attribute = name.split('.').next().unwrap_or(name);
        interpreter.group(group).is_some_and(|group| own::decides(group.kind, attribute))
    }

    fn set_attribute<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        group: GroupId,
        name: &str,
        value: &Value<'m>,
        at: Span,
    ) -> bool {
        let Some(kind) = interpreter.group(group).map(|group| group.kind) else { return false };
        changes::set(interpreter, (group, kind), name, value, at)
    }

    fn set_item<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        group: GroupId,
        name: &str,
        entry: (&Value<'m>, &Value<'m>),
        at: Span,
    ) {
        let Some(kind) = interpreter.group(group).map(|group| group.kind) else { return };
        changes::set_item(interpreter, (group, kind), name, entry, at);
    }

    fn made_by(&self, interpreter: &mut Interpreter<'_, '_>, group: GroupId, class: ClassId, at: Span) {
        changes::made_by(interpreter, group, class, at);
    }

    fn attribute<'m>(&self, interpreter: &mut Interpreter<'m, '_>, group: GroupId, name: &str) -> Value<'m> {
        let (kind, front) = interpreter.group(group).map(|group| (group.kind, group.front)).unzip();
        match (kind, name) {
            // An application hands everything to the router that it has.
            (Some(Kind::Aiohttp | Kind::FastApi | Kind::Starlette), "router") => Value::Group(group),
            (Some(Kind::Flask), "wsgi_app") => Value::Group(front.flatten().unwrap_or(group)),
            (Some(Kind::RestRouter), _) => rest::attribute(interpreter, group, name),
            _ => Value::Method(group, name.into()),
        }
    }

    fn method<'m>(
        &self,
        interpreter: &mut Interpreter<'m, '_>,
        group: GroupId,
        name: &str,
        arguments: &Arguments<'m>,
    ) -> Value<'m> {
        let Some(kind) = interpreter.group(group).map(|group| group.kind) else { return Value::Unknown };
        if name.contains('.') {
            changes::call(interpreter, (group, kind), name, arguments);
            return Value::Unknown;
        }
        if name == "__init__" {
            changes::initialise(interpreter, group, arguments);
            return Value::None;
        }
        if let Some(value) = middleware::method(interpreter, (group, kind), name, arguments) {
            return value;
        }
        let known = match kind {
            Kind::FastApi | Kind::ApiRouter | Kind::Starlette => {
                starlette::method(interpreter, (group, kind), name, arguments)
            }
            Kind::Flask | Kind::Blueprint | Kind::Resources | Kind::Sockets => {
                flask::method(interpreter, (group, kind), name, arguments)
            }
            Kind::Aiohttp | Kind::RouteTable | Kind::Resource => {
                aiohttp::method(interpreter, (group, kind), name, arguments)
            }
            Kind::RestRouter => rest::method(interpreter, group, name, arguments),
            Kind::Opaque => wrapping::method(interpreter, group, name, arguments).then_some(Value::Unknown),
            Kind::AdminSite | Kind::Django | Kind::Urls => None,
        };
        if known.is_none() && !own::looks_on(name) {
            let why = "what one of its methods does is not known";
            mounts::open(interpreter, group, why, arguments.at);
        }
        known.unwrap_or(Value::Unknown)
    }
}

/// Remembers what a script hands to a server.
fn launch<'m>(interpreter: &mut Interpreter<'m, '_>, arguments: &Arguments<'m>) -> Option<Value<'m>> {
    let app = arguments.get(0, "app")?.clone();
    let app = match app.known_text().and_then(|text| text.split_once(':')) {
        None => app,
        Some((module, name)) => {
            let module = interpreter.import(module);
            interpreter.dotted_attribute(&module, name)
        }
    };
    let is_factory = arguments.named("factory").is_some_and(|factory| factory.truth() == Some(true));
    let app = if is_factory { interpreter.call(&app, &Arguments::none(arguments.at)) } else { app };
    interpreter.launched.push(app);
    Some(Value::Unknown)
}
