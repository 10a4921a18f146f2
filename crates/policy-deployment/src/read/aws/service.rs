//! ECS services, from Terraform.

use std::collections::HashMap;
use std::sync::Arc;

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Block, Resource, Root};
use policy_text::source::Span;
use policy_text::value::Provenance;

use super::setting;
use crate::model::service::{
    Capacity, CapacityProvider, NetworkConfiguration, Rollout, Service, ServiceTarget,
};
use crate::model::setting::Setting;
use crate::model::task_definition::TaskDefinition;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_ecs_service"];

/// The blocks by which others ask the tasks of a service how they are.
const ASKING: [&str; 3] = ["load_balancer", "service_connect_configuration", "vpc_lattice_configurations"];

/// The services of a root module and all modules that it calls, by address.
pub(super) fn services(root: &Root, definitions: &[Arc<TaskDefinition>]) -> Vec<Service> {
    let definitions = Definitions::of(definitions);
    let names_ask = root.resources(&["aws_service_discovery_service"]).any(|named| asks_itself(&named.body));
    let services = root.resources(&KINDS).map(|resource| of_resource(root, resource, &definitions));
    services.map(|service| Service { is_asked: service.is_asked || names_ask, ..service }).collect()
}

fn of_resource(root: &Root, resource: &Resource, definitions: &Definitions<'_>) -> Service {
    let body = &resource.body;
    Service {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        at: resource.at,
        called: body.get("name").and_then(Value::to_text),
        tags: tags(body),
        task_definition: body.get("task_definition").and_then(|value| definitions.meant_by(value)).cloned(),
        launch_type: setting::word(body, "launch_type"),
        capacity: capacity(body),
        scheduling: setting::word(body, "scheduling_strategy"),
        network: network(body),
        targets: body.blocks("load_balancer").map(target).collect(),
        rollout: rollout(root, resource),
        ignores_task_definition: ignores_task_definition(body),
        is_discovered: may_have(body, &["service_registries", "service_connect_configuration"]),
        registry: body.block("service_registries").map(|block| block.at),
        is_asked: may_have(body, &ASKING) || resource.is_in_root() && leaves_out(body, &ASKING),
        certain: resource.certain,
    }
}

/// The values of its tags that are known.
fn tags(body: &Block) -> Vec<String> {
    let tags = body.get("tags").and_then(Value::as_object);
    tags.into_iter().flat_map(|tags| tags.entries.values()).filter_map(Value::as_string).collect()
}

fn capacity(body: &Block) -> Capacity {
    const KIND: &str = "capacity_provider_strategy";
    let providers = body.blocks(KIND).map(|block| CapacityProvider {
        at: block.at,
        name: setting::text(block, "capacity_provider"),
        weight: setting::integer(block, "weight"),
        base: setting::integer(block, "base"),
    });
    Capacity { providers: providers.collect(), more: body.may_have_more(KIND) }
}

fn may_have(body: &Block, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| body.block(kind).is_some() || body.may_have_more(kind))
}

/// Whether the values that are given make none of these blocks, which others may.
fn leaves_out(body: &Block, kinds: &[&str]) -> bool {
    body.none_made.iter().any(|none| kinds.contains(&&**none))
}

/// Whether a name of service discovery has a health check of Route 53.
fn asks_itself(name: &Block) -> bool {
    may_have(name, &["health_check_config"])
}

fn network(body: &Block) -> Setting<NetworkConfiguration> {
    setting::of_block(body, "network_configuration", |block| {
        Setting::Known(
            NetworkConfiguration {
                security_groups: block.get("security_groups").map(setting::references).unwrap_or_default(),
                subnets: block.get("subnets").map(setting::references).unwrap_or_default(),
                public_ip: setting::truth(block, "assign_public_ip"),
            },
            Provenance::at(block.at),
        )
    })
}

fn target(block: &Block) -> ServiceTarget {
    ServiceTarget {
        at: block.at,
        container: setting::text(block, "container_name"),
        port: setting::integer(block, "container_port"),
        target_group: block.get("target_group_arn").and_then(Value::as_reference).cloned(),
    }
}

fn ignores_task_definition(body: &Block) -> Option<Span> {
    let ignored = body.block("lifecycle")?.get("ignore_changes")?;
    let says = |value: &Value, name: &str| value.as_string().as_deref() == Some(name);
    if says(ignored, "all") {
        return Some(ignored.at());
    }
    ignored.as_list()?.items.iter().find(|item| says(item, "task_definition")).map(Value::at)
}

fn rollout(root: &Root, resource: &Resource) -> Rollout {
    let body = &resource.body;
    let left_to_callers = |kind: &str| root.is_library && resource.is_in_root() && leaves_out(body, &[kind]);
    let decides_elsewhere =
        ["deployment_controller", "deployment_circuit_breaker", "alarms", "deployment_configuration"]
            .iter()
            .any(|kind| body.may_have_more(kind) || left_to_callers(kind));
    let other_controller = body.block("deployment_controller").is_some_and(|controller| {
        controller.argument("type").is_some_and(|kind| kind.value.as_string().as_deref() != Some("ECS"))
    });
    let other_strategy = body.block("deployment_configuration").is_some_and(|configuration| {
        configuration
            .argument("strategy")
            .is_some_and(|strategy| strategy.value.as_string().as_deref() != Some("ROLLING"))
    });
    if decides_elsewhere || other_controller || other_strategy {
        return Rollout::Other;
    }
    let mut missing = Rollout::KeepsTrying;
    for kind in ["deployment_circuit_breaker", "alarms"] {
        let Some(block) = body.block(kind) else { continue };
        let switches = [setting::truth(block, "enable"), setting::truth(block, "rollback")];
        if switches.iter().all(|switch| switch.known() == Some(&true)) {
            return Rollout::RollsBack;
        }
        if switches.iter().any(|switch| matches!(switch, Setting::Unknown(..))) {
            return Rollout::Other;
        }
        let off = switches.into_iter().find_map(|switch| match switch {
            Setting::Known(false, from) => Some(from),
            _ => None,
        });
        missing = off.map_or(Rollout::NotSwitchedOn(block.at), Rollout::SwitchedOff);
    }
    missing
}

/// The task definitions of a root module by what a service may name them by. What several have names none.
struct Definitions<'d> {
    by_address: HashMap<&'d str, Option<&'d Arc<TaskDefinition>>>,
    by_family: HashMap<&'d str, Option<&'d Arc<TaskDefinition>>>,
}

impl<'d> Definitions<'d> {
    fn of(definitions: &'d [Arc<TaskDefinition>]) -> Self {
        let address = |definition: &'d Arc<TaskDefinition>| (&*definition.address, definition);
        let family =
            |definition: &'d Arc<TaskDefinition>| Some((definition.family.known()?.as_str(), definition));
        Self {
            by_address: unambiguous(definitions.iter().map(address)),
            by_family: unambiguous(definitions.iter().filter_map(family)),
        }
    }

    fn meant_by(&self, value: &Value) -> Option<&'d Arc<TaskDefinition>> {
        if let Some(reference) = value.as_reference() {
            return *self.by_address.get(&*reference.address)?;
        }
        let written = value.to_text()?.known_prefix();
        let family = written.split(':').next().filter(|family| !family.is_empty())?;
        let is_whole = value.as_string().is_some() || written.contains(':');
        if is_whole { *self.by_family.get(family)? } else { None }
    }
}

fn unambiguous<'k, T>(named: impl Iterator<Item = (&'k str, T)>) -> HashMap<&'k str, Option<T>> {
    let mut by_name = HashMap::new();
    for (name, item) in named {
        by_name.entry(name).and_modify(|only| *only = None).or_insert(Some(item));
    }
    by_name
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, RepoPath, Sources};

    use crate::read::aws::read_plainly;

    /// The task definition that a service runs when it says `named`; empty for none.
    fn run_by(named: &str) -> String {
        let definition = |name: &str, family: &str| {
            format!("resource \"aws_ecs_task_definition\" \"{name}\" {{\n  family = \"{family}\"\n}}\n")
        };
        let service = format!("resource \"aws_ecs_service\" \"web\" {{\n  task_definition = {named}\n}}\n");
        let terraform =
            definition("web", "web") + &definition("a", "job") + &definition("b", "job") + &service;
        let tree = MemoryTree::new().with(RepoPath::new("main.tf").unwrap(), terraform);
        let sources = Sources::open(&tree);
        let roots = read_plainly(&sources);
        let definition = roots[0].services[0].task_definition.as_ref();
        definition.map(|definition| definition.address.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_service_names_its_task_definition_by_reference_family_or_revision() {
        for named in ["aws_ecs_task_definition.web.arn", "\"web\"", "\"web:3\""] {
            assert_eq!(run_by(named), "aws_ecs_task_definition.web", "{named}");
        }
    }

    #[test]
    fn what_several_task_definitions_have_names_none() {
        for named in ["\"job\"", "\"webs\"", "aws_ecs_task_definition.c.arn"] {
            assert_eq!(run_by(named), "", "{named}");
        }
        assert_eq!(run_by("aws_ecs_task_definition.a.arn"), "aws_ecs_task_definition.a");
    }
}
