//! Task definitions: the containers that ECS runs together, however their definitions are written.

mod container;

use std::sync::Arc;

pub(super) use container::images;
pub use container::{Container, PortMapping};

use super::setting::{self, Setting};
use crate::resolve::terraform::value::{Data, Value};
use crate::resolve::terraform::world::{Resource, Root};
use crate::source::Span;

/// A task definition.
#[derive(Clone, Debug)]
pub struct TaskDefinition {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// The family.
    pub family: Setting<String>,
    /// The containers that are certain to be there.
    pub containers: Vec<Container>,
    /// Whether there may be more containers.
    pub more_containers: bool,
    /// `bridge` where it is not set, `awsvpc`, `host` or `none`.
    pub network_mode: Setting<String>,
    /// Whether Fargate must be able to run it. `None` where that is not known.
    pub needs_fargate: Option<bool>,
    /// CPU units for the whole task: `256`, or `0.25 vCPU`.
    pub cpu: Setting<String>,
    /// Memory for the whole task: MiB, or `1 GB`.
    pub memory: Setting<String>,
}

/// The task definitions of a root module and all modules that it calls, by address.
pub(super) fn task_definitions(root: &Root) -> Vec<Arc<TaskDefinition>> {
    root.resources(&["aws_ecs_task_definition"]).map(of_resource).map(Arc::new).collect()
}

fn of_resource(resource: &Resource) -> TaskDefinition {
    let body = &resource.body;
    let (containers, more_containers) = match body.get("container_definitions") {
        Some(definitions) => container::containers(definitions),
        None => (Vec::new(), true),
    };
    TaskDefinition {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        family: setting::text(body, "family"),
        containers,
        more_containers,
        network_mode: setting::text(body, "network_mode"),
        needs_fargate: needs_fargate(body.get("requires_compatibilities")),
        cpu: setting::text(body, "cpu"),
        memory: setting::text(body, "memory"),
    }
}

fn needs_fargate(compatibilities: Option<&Value>) -> Option<bool> {
    let Some(value) = compatibilities else { return Some(false) };
    let Data::List(list) = &value.data else { return None };
    let names: Vec<Option<String>> = list.items.iter().map(Value::as_string).collect();
    if names.iter().flatten().any(|name| name == "FARGATE") {
        return Some(true);
    }
    (list.more.is_none() && names.iter().all(Option::is_some)).then_some(false)
}
