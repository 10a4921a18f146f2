//! Container definitions, from JSON with the place of every part.

use policy_terraform::resolve::functions::decode_json;
use policy_terraform::resolve::value::{Data, List, Value};
use policy_text::source::Span;
use policy_text::value::{Origin, Text};

use super::setting;
use crate::model::image_link::ImageLink;
use crate::model::setting::Setting;
use crate::model::task_definition::{
    Container, Environment, HealthCheck, LogConfiguration, PortMapping, Variable, Words,
};
use crate::probe;

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
    decoded(definitions).map_or_else(|| (Vec::new(), true), |decoded| of_list(&decoded))
}

/// The containers of a list of definitions, and whether there may be more.
pub(super) fn of_list(definitions: &Value) -> (Vec<Container>, bool) {
    match &definitions.data {
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
    let called = field(definition, "name").and_then(Value::to_text);
    let whole = |list: &List| {
        list.more.is_none()
            && list.items.iter().all(|item| item.as_object().is_some_and(|item| item.more.is_none()))
    };
    Container {
        name: setting::of(field(definition, "name"), Value::as_string),
        shown_name: called.as_ref().map_or_else(|| "container".to_owned(), ToString::to_string),
        called,
        at: definition.at(),
        images: images(field(definition, "image")),
        image: ImageLink::Unknown("it is not linked"),
        server: None,
        nginx: None,
        essential: setting::of(field(definition, "essential"), Value::as_bool),
        cpu: setting::of(field(definition, "cpu"), Value::as_integer),
        memory: setting::of(field(definition, "memory"), Value::as_integer),
        memory_reservation: setting::of(field(definition, "memoryReservation"), Value::as_integer),
        user: setting::of(field(definition, "user"), Value::as_string),
        ports: ports.map(port).collect(),
        more_ports: match (mappings, list) {
            (None, _) => open,
            (Some(value), _) if value.is_null() => false,
            (Some(_), Some(list)) => !whole(list),
            (Some(_), None) => true,
        },
        health_check: setting::of(field(definition, "healthCheck"), health_check),
        entry_point: setting::of(field(definition, "entryPoint"), words),
        command: setting::of(field(definition, "command"), words),
        environment: environment(definition, open),
        may_set_kernel: open || field(definition, "systemControls").is_some(),
        log: match field(definition, "logConfiguration") {
            None if open => {
                Setting::Unknown(Origin::Other("the task definition may have more".into()), definition.at())
            }
            log => setting::of(log, log_configuration),
        },
    }
}

fn log_configuration(log: &Value) -> Option<LogConfiguration> {
    log.as_object()?;
    let options = field(log, "options");
    let whole = options.and_then(Value::as_object).is_some_and(|options| options.more.is_none());
    let makes_group = options.and_then(|options| field(options, "awslogs-create-group"));
    let group = options.and_then(|options| field(options, "awslogs-group"));
    Some(LogConfiguration {
        driver: setting::of(field(log, "logDriver"), Value::as_string),
        group: group.and_then(|group| Some((group.to_text()?, group.at()))),
        may_make_group: !whole
            || makes_group.is_some_and(|makes| makes.as_string().as_deref() != Some("false")),
    })
}

fn health_check(check: &Value) -> Option<HealthCheck> {
    let command = words(field(check, "command")?)?;
    let at = command.iter().map(|(_, at)| *at).reduce(Span::to)?;
    let probe = match command.split_first()? {
        ((first, _), [(text, at)]) if first.known().as_deref() == Some("CMD-SHELL") => {
            probe::of_shell(text, *at)
        }
        ((first, _), rest) if first.known().as_deref() == Some("CMD") => probe::of_words(rest, at),
        _ => return None,
    };
    let seconds = |name: &str| setting::of(field(check, name), Value::as_integer);
    Some(HealthCheck {
        probe,
        interval: seconds("interval"),
        timeout: seconds("timeout"),
        retries: seconds("retries"),
        start_period: seconds("startPeriod"),
    })
}

/// A list of words of which each is there for certain.
fn words(value: &Value) -> Option<Words> {
    let list = value.as_list().filter(|list| list.more.is_none())?;
    list.items.iter().map(|item| Some((item.to_text()?, item.at()))).collect()
}

/// The variables of a container; `open` says whether the definition may have more entries than those that are seen.
fn environment(definition: &Value, open: bool) -> Environment {
    let mut environment = Environment { variables: Vec::new(), more: open };
    for (key, value_key) in [("environment", "value"), ("secrets", "valueFrom")] {
        let Some(value) = field(definition, key).filter(|value| !value.is_null()) else { continue };
        let Some(list) = value.as_list() else {
            environment.more = true;
            continue;
        };
        environment.more |= list.more.is_some();
        for item in &list.items {
            let named = field(item, "name").and_then(|name| Some((name.as_string()?, name.at())));
            let written = field(item, value_key);
            let Some(((name, name_at), written)) = named.zip(written) else {
                environment.more = true;
                continue;
            };
            let value = if key == "secrets" { None } else { written.to_text() };
            environment.variables.push(Variable { name, value, name_at, at: written.at() });
        }
    }
    let files = field(definition, "environmentFiles").and_then(Value::as_list);
    environment.more |= files.is_some_and(|list| !list.items.is_empty() || list.more.is_some());
    environment
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
        agree(&mut self.health_check, &other.health_check, self.at);
        agree(&mut self.entry_point, &other.entry_point, self.at);
        agree(&mut self.command, &other.command, self.at);
        agree(&mut self.log, &other.log, self.at);
        let all = self.environment.variables.len().max(other.environment.variables.len());
        self.environment.variables.retain(|variable| other.environment.variables.contains(variable));
        self.environment.more |= other.environment.more || self.environment.variables.len() < all;
    }
}

/// Makes a setting unknown that is another one where a condition has it so.
fn agree<T: PartialEq>(setting: &mut Setting<T>, other: &Setting<T>, at: Span) {
    if setting != other {
        *setting = Setting::Unknown(Origin::Other("it depends on a condition".into()), at);
    }
}

/// The images that a value may turn out to be, each with the expression that holds it.
pub(crate) fn images(image: Option<&Value>) -> Vec<(Text, Span)> {
    let alternatives = image.map(Value::alternatives).unwrap_or_default();
    alternatives.iter().filter_map(|value| Some((value.to_text()?, value.at()))).collect()
}
