//! What the browser, the bundler and the runtime provide by name.

use policy_text::source::Span;
use policy_text::value::{Origin, PagePart, Text};

use super::flags;
use super::tooling::EnvironmentObject;
use super::value::{Global, Value};
use crate::{openers, requesters};

/// A name that nothing in the module declares.
pub(super) fn global(name: &str) -> Value {
    Value::Global(match name {
        "window" | "self" | "globalThis" | "top" | "parent" | "global" => Global::Window,
        "document" => Global::Document,
        "location" => Global::Location,
        "process" => Global::Process,
        "undefined" => return Value::Nothing,
        "__DEV__" => return Value::Bool(false),
        name => Global::Named(name.into()),
    })
}

/// A property of something that the runtime provides. `at` is the whole expression.
pub(super) fn property(base: &Global, name: &str, at: Span) -> Value {
    match (base, name) {
        (Global::Native, _) | (Global::Process, "type") => Value::Global(Global::Native),
        (_, name) if flags::is_native(name) => Value::Global(Global::Native),
        (Global::Window | Global::Document, "location") => Value::Global(Global::Location),
        (Global::Window, "document") => Value::Global(Global::Document),
        (Global::Window, name) if is_set_on_load(name) => {
            Value::Unknown(Origin::Other("it is set when the page loads".into()), at)
        }
        (Global::Location, "href") | (Global::Document, "URL" | "documentURI" | "baseURI") => {
            page(PagePart::Href, at)
        }
        (Global::Location | Global::Window, "origin") => page(PagePart::Origin, at),
        (Global::Location, "protocol") => page(PagePart::Protocol, at),
        (Global::Location, "host") => page(PagePart::Host, at),
        (Global::Location, "hostname") | (Global::Document, "domain") => page(PagePart::Hostname, at),
        (Global::Location, "port") => page(PagePart::Port, at),
        (Global::Location, "pathname" | "search" | "hash") => page(PagePart::Path, at),
        (Global::Window, name) => match global(name) {
            Value::Global(Global::Named(_))
                if !name.starts_with(|c: char| c.is_ascii_uppercase())
                    && !openers::is_global(name)
                    && !requesters::is_global(name) =>
            {
                Value::Unknown(Origin::Other("it is set when the page loads".into()), at)
            }
            value => value,
        },
        (Global::ImportMeta, "env") => Value::Global(Global::Environment(EnvironmentObject::ImportMeta)),
        (Global::Process, "env") => Value::Global(Global::Environment(EnvironmentObject::Process)),
        (Global::ImportMeta, "hot" | "webpackHot") => Value::Nothing,
        (Global::ImportMeta, "url") => Value::Unknown(Origin::Other("the module's own address".into()), at),
        (Global::Named(base), "hot") if &**base == "module" => Value::Nothing,
        (Global::Named(base), "userAgent" | "appVersion") if &**base == "navigator" => {
            Value::Global(Global::UserAgent)
        }
        (Global::Process, "versions") => Value::Global(Global::Named("versions".into())),
        (Global::Named(base), name) => {
            let path = format!("{base}.{name}");
            if openers::has_opening_method(&path) {
                return Value::Global(Global::Named(path.into()));
            }
            if has_methods(base) {
                return Value::Method(Box::new(Value::Global(Global::Named(base.clone()))), name.into());
            }
            Value::Unknown(Origin::Other("nothing in the repository sets it".into()), at)
        }
        (base, name) => Value::Method(Box::new(Value::Global(base.clone())), name.into()),
    }
}

/// Globals in which the script that a container writes when it starts leaves its configuration.
const SET_BY_CONTAINERS: [&str; 2] = ["config", "runtimeConfig"];

/// Such globals that have underscores around them, or none.
const SET_BY_CONTAINERS_FRAMED: [&str; 3] = [
    // `window._env_` of the many copies of `env.sh`, which writes `env-config.js`.
    "env",
    // `window.__ENV` of next-runtime-env.
    "ENV",
    // `window.__RUNTIME_CONFIG__` of runtime-env-cra.
    "RUNTIME_CONFIG",
];

/// Whether a global goes by a name under which the start of a container leaves its configuration: what stands in the
/// repository is overwritten.
pub(super) fn is_set_on_load(name: &str) -> bool {
    SET_BY_CONTAINERS.contains(&name) || SET_BY_CONTAINERS_FRAMED.contains(&name.trim_matches('_'))
}

/// Whether a global is one whose methods are known.
fn has_methods(name: &str) -> bool {
    matches!(name, "Object" | "Number" | "React" | "String") || openers::has_opening_method(name)
}

fn page(part: PagePart, at: Span) -> Value {
    Value::Text(Text::hole(Origin::Page(part), at))
}

/// A variable of the environment that the kind of build decides.
pub(super) fn build_variable(name: &str, at: Span) -> Option<Value> {
    Some(match name {
        "DEV" | "SSR" => Value::Bool(false),
        "PROD" => Value::Bool(true),
        "MODE" | "NODE_ENV" => Value::Text(Text::literal("production", at)),
        _ => return None,
    })
}
