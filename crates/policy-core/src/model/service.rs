//! ECS services: what runs a task definition, where, and how it is rolled out.

use std::collections::HashMap;
use std::sync::Arc;

use super::setting::{self, Setting};
use super::task_definition::TaskDefinition;
use crate::resolve::Provenance;
use crate::resolve::terraform::value::{Reference, Value};
use crate::resolve::terraform::world::{Block, Resource, Root};
use crate::source::Span;

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// What it runs, where that is one task definition of the configuration.
    pub task_definition: Option<Arc<TaskDefinition>>,
    /// `EC2` where neither it nor a capacity provider is set, `FARGATE` or `EXTERNAL`.
    pub launch_type: Setting<String>,
    /// The places of its capacity provider strategies.
    pub capacity_providers: Vec<Span>,
    /// The target groups that it registers its containers with.
    pub targets: Vec<ServiceTarget>,
    /// How it is rolled out.
    pub rollout: Rollout,
    /// Where its lifecycle says that changes of the task definition are ignored.
    pub ignores_task_definition: Option<Span>,
    /// Whether the service is created for certain.
    pub certain: bool,
}

/// A target group that a service registers a container with.
#[derive(Clone, Debug)]
pub struct ServiceTarget {
    /// The head of the `load_balancer` block.
    pub at: Span,
    /// The name of the container.
    pub container: Setting<String>,
    /// The port of the container.
    pub port: Setting<i64>,
    /// The target group, where it is a resource of the configuration.
    pub target_group: Option<Reference>,
}

/// Who replaces the tasks of a service, and what happens where the new ones do not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rollout {
    /// ECS itself, which goes back to the last version that worked.
    RollsBack,
    /// ECS itself, which keeps trying: nothing is set that would stop it.
    KeepsTrying,
    /// The same: a circuit breaker or alarms lack one of their two switches. The place is the block.
    NotSwitchedOn(Span),
    /// The same: one of their switches is off, from where it is decided.
    SwitchedOff(Provenance),
    /// Something else, or what the configuration does not tell.
    Other,
}

/// The services of a root module and all modules that it calls, by address.
pub(super) fn services(root: &Root, definitions: &[Arc<TaskDefinition>]) -> Vec<Service> {
    let definitions = Definitions::of(definitions);
    root.resources(&["aws_ecs_service"]).map(|resource| of_resource(root, resource, &definitions)).collect()
}

fn of_resource(root: &Root, resource: &Resource, definitions: &Definitions<'_>) -> Service {
    let body = &resource.body;
    Service {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        at: resource.at,
        task_definition: body.get("task_definition").and_then(|value| definitions.meant_by(value)).cloned(),
        launch_type: setting::text(body, "launch_type"),
        capacity_providers: body.blocks("capacity_provider_strategy").map(|block| block.at).collect(),
        targets: body.blocks("load_balancer").map(target).collect(),
        rollout: rollout(root, resource),
        ignores_task_definition: ignores_task_definition(body),
        certain: resource.certain,
    }
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
    let left_to_callers = |kind: &str| {
        root.is_library && resource.is_in_root() && body.none_made.iter().any(|none| &**none == kind)
    };
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
    use crate::config::{Options, Settings};
    use crate::model::Deployment;
    use crate::parse::parse_all;
    use crate::source::{MemoryTree, RepoPath, Sources};

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
        let parsed = parse_all(&sources, &Settings::default(), crate::model::commands::named_in);
        let deployment = Deployment::link(&parsed, &sources, &Options::default());
        let definition = deployment.roots[0].services[0].task_definition.as_ref();
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
