//! A container's host port differs from its own under `awsvpc`.

use policy_core::finding::{Finding, Label};
use policy_core::model::task_definition::{Container, NetworkMode, PortMapping, TaskDefinition};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.task_definitions.iter().flat_map(|task| mismatches(task)).collect())
}

fn mismatches(task: &TaskDefinition) -> Vec<Finding> {
    if task.network_mode.known().is_none_or(|mode| *mode != NetworkMode::AwsVpc) {
        return Vec::new();
    }
    let ports = task
        .containers
        .iter()
        .flat_map(|container| container.ports.iter().map(move |port| (container, port)));
    ports.filter_map(|(container, port)| mismatch(task, container, port)).collect()
}

fn mismatch(task: &TaskDefinition, container: &Container, port: &PortMapping) -> Option<Finding> {
    let ((inside, inside_from), (host, host_from)) = (port.container.found()?, port.host.found()?);
    // A host port of 0 asks for any: under `awsvpc` there is nothing to choose from.
    if *host == 0 || host == inside {
        return None;
    }
    let container =
        container.name.known().map_or_else(|| "a container".to_owned(), |name| format!("container `{name}`"));
    let message = format!(
        "{container} of `{}` maps host port {host} to container port {inside}: with `awsvpc` they must be equal",
        task.name
    );
    let finding = Finding::new(message, Label::new(host_from.at, "the host port"))
        .related(Label::new(inside_from.at, "the container port"));
    Some(finding.help(
        "remove `hostPort`: with `awsvpc` each task has its own IP address, and clients connect to `containerPort`",
    ))
}
