//! What the frameworks bring: applications and routers, and what their methods register.

mod aiohttp;
mod django;
mod flask;
mod middleware;
mod passive;
mod regex;
mod rest;
mod socketio;
mod starlette;
mod template;

use crate::resolve::group::{GroupId, Kind, What};
use crate::resolve::value::Value;
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
            "flask" => flask::construct(interpreter, name, arguments),
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

    fn attribute<'m>(&self, interpreter: &mut Interpreter<'m, '_>, group: GroupId, name: &str) -> Value<'m> {
        let kind = interpreter.group(group).map(|group| group.kind);
        match (kind, name) {
            // An application hands everything to the router that it has.
            (Some(Kind::Aiohttp | Kind::FastApi | Kind::Starlette), "router")
            | (Some(Kind::Flask), "wsgi_app") => Value::Group(group),
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
        if let Some(value) = middleware::method(interpreter, (group, kind), name, arguments) {
            return value;
        }
        match kind {
            Kind::FastApi | Kind::ApiRouter | Kind::Starlette => {
                starlette::method(interpreter, (group, kind), name, arguments);
            }
            Kind::Flask | Kind::Blueprint | Kind::Resources | Kind::Sockets => {
                return flask::method(interpreter, (group, kind), name, arguments);
            }
            Kind::Aiohttp | Kind::RouteTable => aiohttp::method(interpreter, (group, kind), name, arguments),
            Kind::RestRouter => rest::method(interpreter, group, name, arguments),
            Kind::AdminSite | Kind::Django | Kind::Urls | Kind::Opaque => {}
        }
        Value::Unknown
    }
}

/// An application that another one mounts.
fn mounted(app: &Value<'_>) -> What {
    match app {
        Value::Group(group) => What::Mounted(*group),
        _ => What::Unknown("what is mounted there is not in the repository"),
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
