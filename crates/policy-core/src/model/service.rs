//! ECS services: what runs a task definition, where, and how it is rolled out.

use std::sync::Arc;

use super::setting::{self, Setting};
use super::task_definition::TaskDefinition;
use crate::resolve::terraform::value::{Reference, Value};
use crate::resolve::terraform::world::{Block, Resource, Root};
use crate::resolve::{Provenance, Resolved};
use crate::source::Span;

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// What it runs.
    pub task_definition: Option<Value>,
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
pub fn services(root: &Root) -> Vec<Service> {
    root.resources(&["aws_ecs_service"]).map(|resource| of_resource(root, resource)).collect()
}

fn of_resource(root: &Root, resource: &Resource) -> Service {
    let body = &resource.body;
    Service {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        at: resource.at,
        task_definition: body.get("task_definition").cloned(),
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
        if switches.iter().all(|switch| setting::known(switch) == Some(&true)) {
            return Rollout::RollsBack;
        }
        if switches.iter().flatten().any(|switch| switch.known().is_none()) {
            return Rollout::Other;
        }
        let off = switches.into_iter().flatten().find_map(|switch| match switch {
            Resolved::Known(false, from) => Some(from),
            _ => None,
        });
        missing = off.map_or(Rollout::NotSwitchedOn(block.at), Rollout::SwitchedOff);
    }
    missing
}

impl Service {
    /// The task definition that it runs, where that is one of `definitions`.
    pub fn definition<'d>(&self, definitions: &'d [TaskDefinition]) -> Option<&'d TaskDefinition> {
        let value = self.task_definition.as_ref()?;
        if let Some(reference) = value.as_reference() {
            return only(definitions.iter().filter(|definition| definition.address == reference.address));
        }
        let written = value.to_text()?.known_prefix();
        let family = written.split(':').next().filter(|family| !family.is_empty())?;
        let named = |definition: &&TaskDefinition| {
            setting::known(&definition.family).is_some_and(|name| name == family)
        };
        (value.as_string().is_some() || written.contains(':'))
            .then(|| only(definitions.iter().filter(named)))?
    }
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}
