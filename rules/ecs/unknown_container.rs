//! A service registers a container, or a port of one, that its task definition does not have.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::service::{Service, ServiceTarget};
use policy_core::model::task_definition::{Container, TaskDefinition};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let mut findings = Vec::new();
    for service in root.services.iter().filter(|service| service.certain) {
        let Some(task) = &service.task_definition else { continue };
        findings.extend(service.targets.iter().filter_map(|target| unknown(service, task, target)));
    }
    findings
}

fn unknown(service: &Service, task: &TaskDefinition, target: &ServiceTarget) -> Option<Finding> {
    let (wanted, from) = target.container.found()?;
    let is_it = |container: &&Container| container.name.known() == Some(wanted);
    if let Some(container) = task.containers.iter().find(is_it) {
        return unknown_port(service, task, target, container, wanted);
    }
    let names: Option<Vec<&String>> =
        task.containers.iter().map(|container| container.name.known()).collect();
    let names = names.filter(|names| !task.more_containers && !names.is_empty())?;
    let message = format!(
        "`{}` registers the container `{wanted}`, but `{}` has no container of that name",
        service.name, task.name
    );
    let mut finding = Finding::new(message, Label::new(from.at, "no container has this name"));
    for container in &task.containers {
        if let Some((name, from)) = container.name.found() {
            finding = finding.related(Label::new(from.at, format!("this container is named `{name}`")));
        }
    }
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    Some(finding.help(format!("use the name of a container of the task definition: {}", names.join(", "))))
}

fn unknown_port(
    service: &Service,
    task: &TaskDefinition,
    target: &ServiceTarget,
    container: &Container,
    name: &str,
) -> Option<Finding> {
    let (wanted, from) = target.port.found()?;
    let ports: Option<Vec<&i64>> = container.ports.iter().map(|port| port.container.known()).collect();
    let ports = ports.filter(|ports| !container.more_ports && !ports.contains(&wanted))?;
    let message = format!(
        "`{}` registers port {wanted} of the container `{name}`, but `{}` does not map that port",
        service.name, task.name
    );
    if ports.is_empty() {
        let finding = Finding::new(message, Label::new(container.at, "this container maps no port"))
            .related(Label::new(from.at, format!("the service registers port {wanted}")));
        return Some(finding.help(format!("add container port {wanted} to `portMappings`")));
    }
    let mut finding = Finding::new(message, Label::new(from.at, "no port mapping has this container port"));
    for port in &container.ports {
        if let Some((port, from)) = port.container.found() {
            finding = finding.related(Label::new(from.at, format!("this maps container port {port}")));
        }
    }
    Some(finding.help(format!(
        "register the port that the container listens on, or add container port {wanted} to `portMappings`"
    )))
}
