//! Task definitions, from Terraform.

use std::sync::Arc;

use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{Block, Resource, Root};

use super::{container, setting};
use crate::model::setting::Setting;
use crate::model::task_definition::{Architecture, SizeChoices, TaskDefinition};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_ecs_task_definition"];

/// The task definitions of a root module and all modules that it calls, by address.
pub(super) fn task_definitions(root: &Root) -> Vec<Arc<TaskDefinition>> {
    root.resources(&KINDS).map(of_resource).map(Arc::new).collect()
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
        network_mode: setting::word(body, "network_mode"),
        needs_fargate: needs_fargate(body.get("requires_compatibilities")),
        architecture: architecture(body),
        cpu: setting::text(body, "cpu"),
        memory: setting::text(body, "memory"),
        choices: SizeChoices {
            cpu: setting::choices(body.get("cpu")),
            memory: setting::choices(body.get("memory")),
        },
        execution_role: setting::text(body, "execution_role_arn"),
    }
}

fn architecture(body: &Block) -> Setting<Architecture> {
    setting::of_block(body, "runtime_platform", |platform| setting::word(platform, "cpu_architecture"))
}

pub(super) fn needs_fargate(compatibilities: Option<&Value>) -> Option<bool> {
    let Some(value) = compatibilities else { return Some(false) };
    let Data::List(list) = &value.data else { return None };
    let names: Vec<Option<String>> = list.items.iter().map(Value::as_string).collect();
    if names.iter().flatten().any(|name| name == "FARGATE") {
        return Some(true);
    }
    (list.more.is_none() && names.iter().all(Option::is_some)).then_some(false)
}
