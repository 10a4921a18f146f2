//! Container definitions, read from JSON with the place of every part.

use crate::model::setting::{self, Setting};
use crate::resolve::Text;
use crate::resolve::terraform::functions::decode_json;
use crate::resolve::terraform::value::{Data, Value};
use crate::source::Span;

/// A container.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its name.
    pub name: Setting<String>,
    /// Where it is written.
    pub at: Span,
    /// What it may run: more than one image where a condition is not known.
    pub images: Vec<(Text, Span)>,
    /// The ports it opens.
    pub ports: Vec<PortMapping>,
    /// Whether it may open more.
    pub more_ports: bool,
}

/// A port that a container opens.
#[derive(Clone, Debug)]
pub struct PortMapping {
    /// The port inside the container.
    pub container: Setting<i64>,
    /// The port of the host.
    pub host: Setting<i64>,
}

/// The containers of `container_definitions`, and whether there may be more.
pub(super) fn containers(definitions: &Value) -> (Vec<Container>, bool) {
    let Some(decoded) = decoded(definitions) else { return (Vec::new(), true) };
    match &decoded.data {
        Data::List(list) => {
            let known = list.items.iter().filter(|item| item.as_object().is_some());
            let all_known = list.more.is_none() && list.items.iter().all(|item| item.as_object().is_some());
            (known.map(container).collect(), !all_known)
        }
        _ => (Vec::new(), true),
    }
}

fn decoded(definitions: &Value) -> Option<Value> {
    match &definitions.data {
        Data::String(text) => decode_json(text, definitions.at()).ok(),
        _ => None,
    }
}

fn container(definition: &Value) -> Container {
    let open = definition.as_object().is_none_or(|object| object.more.is_some());
    let mappings = definition.get("portMappings");
    let list = mappings.and_then(Value::as_list);
    let ports = list.iter().flat_map(|list| &list.items).filter(|item| item.as_object().is_some());
    let whole = |list: &crate::resolve::terraform::value::List| {
        list.more.is_none()
            && list.items.iter().all(|item| item.as_object().is_some_and(|item| item.more.is_none()))
    };
    Container {
        name: setting::of(definition.get("name"), Value::as_string),
        at: definition.at(),
        images: images(definition.get("image")),
        ports: ports.map(port).collect(),
        more_ports: match (mappings, list) {
            (None, _) => open,
            (Some(value), _) if value.is_null() => false,
            (Some(_), Some(list)) => !whole(list),
            (Some(_), None) => true,
        },
    }
}

fn port(mapping: &Value) -> PortMapping {
    let field = |name: &str| setting::of(mapping.get(name), Value::as_integer);
    PortMapping { container: field("containerPort"), host: field("hostPort") }
}

/// The images that a value may turn out to be, each with the expression that holds it.
pub(in crate::model) fn images(image: Option<&Value>) -> Vec<(Text, Span)> {
    let alternatives = image.map(Value::alternatives).unwrap_or_default();
    alternatives.iter().filter_map(|value| Some((value.to_text()?, value.at()))).collect()
}
