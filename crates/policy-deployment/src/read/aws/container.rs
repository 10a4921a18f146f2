//! Container definitions, from JSON with the place of every part.

use policy_terraform::resolve::functions::decode_json;
use policy_terraform::resolve::value::{Data, List, Value};
use policy_text::source::Span;
use policy_text::value::Text;

use super::setting;
use crate::model::task_definition::{Container, PortMapping};

/// The containers of `container_definitions`, and whether there may be more. Where a condition is not known, those that
/// are there whatever it is.
pub(super) fn containers(definitions: &Value) -> (Vec<Container>, bool) {
    let mut alternatives = definitions.alternatives().iter().map(containers_of);
    let Some((mut containers, mut more)) = alternatives.next() else { return (Vec::new(), true) };
    for (others, _) in alternatives {
        more = true;
        containers.retain_mut(|container| {
            let name = container.name.known();
            let same = others.iter().find(|other| name.is_some() && other.name.known() == name);
            same.is_some_and(|other| {
                container.may_be(other);
                true
            })
        });
    }
    (containers, more)
}

fn containers_of(definitions: &Value) -> (Vec<Container>, bool) {
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
    let mappings = field(definition, "portMappings");
    let list = mappings.and_then(Value::as_list);
    let ports = list.iter().flat_map(|list| &list.items).filter(|item| item.as_object().is_some());
    let whole = |list: &List| {
        list.more.is_none()
            && list.items.iter().all(|item| item.as_object().is_some_and(|item| item.more.is_none()))
    };
    Container {
        name: setting::of(field(definition, "name"), Value::as_string),
        at: definition.at(),
        images: images(field(definition, "image")),
        user: setting::of(field(definition, "user"), Value::as_string),
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
    let port = |name: &str| setting::of(field(mapping, name), Value::as_integer);
    PortMapping { container: port("containerPort"), host: port("hostPort") }
}

/// The entry of a definition by its name, which the provider reads in any case: `PortMappings`.
fn field<'v>(definition: &'v Value, name: &str) -> Option<&'v Value> {
    let entries = &definition.as_object()?.entries;
    let in_any_case =
        || entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    entries.get(name).or_else(in_any_case)
}

impl Container {
    /// Takes in what the container is instead, where a condition is not known.
    fn may_be(&mut self, other: &Container) {
        let new = other.images.iter().filter(|image| !self.images.contains(image)).cloned();
        let new: Vec<_> = new.collect();
        self.images.extend(new);
        let opened = |port: &PortMapping| other.ports.iter().any(|other| other == port);
        let all = self.ports.len().max(other.ports.len());
        self.ports.retain(opened);
        self.more_ports |= other.more_ports || self.ports.len() < all;
    }
}

/// The images that a value may turn out to be, each with the expression that holds it.
pub(crate) fn images(image: Option<&Value>) -> Vec<(Text, Span)> {
    let alternatives = image.map(Value::alternatives).unwrap_or_default();
    alternatives.iter().filter_map(|value| Some((value.to_text()?, value.at()))).collect()
}
