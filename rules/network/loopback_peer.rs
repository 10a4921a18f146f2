//! A task calls another task on its own loopback address.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::task_definition::{Container, NetworkMode, TaskDefinition, Variable};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::private_host;

/// The ends of the names of variables that hold an address to ask.
const ADDRESSES: [&str; 5] = ["_URL", "_URI", "_HOST", "_ENDPOINT", "_ADDR"];

/// Words in the names of variables whose address browsers and others use.
const OF_OTHERS: [&str; 13] = [
    "ORIGIN", "ORIGINS", "CORS", "ALLOW", "ALLOWED", "REDIRECT", "CALLBACK", "PUBLIC", "FRONTEND", "SITE",
    "BASE", "APP", "SELF",
];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let tasks = root.task_definitions.iter().filter(|task| has_own_loopback(root, task));
        let containers =
            tasks.flat_map(|task| task.containers.iter().map(move |container| (task, container)));
        containers.flat_map(|(task, container)| misdirected(root, task, container)).collect()
    })
}

/// Whether only the containers of the task are at its loopback address, and all of them are known.
fn has_own_loopback(root: &AwsRoot, task: &TaskDefinition) -> bool {
    let mode = &task.network_mode;
    let is_own = mode.known() == Some(&NetworkMode::AwsVpc) || !mode.is_set() && root.runs_on_fargate(task);
    is_own && !task.more_containers && task.containers.iter().all(|container| !container.more_ports)
}

fn misdirected(root: &AwsRoot, task: &TaskDefinition, container: &Container) -> Vec<Finding> {
    let variables = container.environment.variables.iter().filter_map(|variable| {
        let port = loopback_port(variable)?;
        if ports(task).any(|(own, _)| own == port) || may_listen(task, port) {
            return None;
        }
        let others = root.task_definitions.iter().filter(|other| other.address != task.address);
        let (peer, at) = others
            .filter(|other| other.name != task.name)
            .find_map(|other| Some((other, ports(other).find(|(own, _)| *own == port)?.1)))?;
        Some(finding(container, variable, port, peer, at))
    });
    variables.collect()
}

/// The ports of a task, with their places.
fn ports(task: &TaskDefinition) -> impl Iterator<Item = (i64, Span)> {
    let mapped = task.containers.iter().flat_map(|container| &container.ports);
    mapped.filter_map(|port| port.container.found().map(|(port, from)| (*port, from.at)))
}

/// Whether another container of the task may listen there without mapping the port.
fn may_listen(task: &TaskDefinition, port: i64) -> bool {
    let listens = |container: &Container| {
        let server = container.server.as_ref().and_then(|server| server.port.as_ref());
        server.map_or(container.ports.is_empty(), |own| i64::from(own.value) == port)
    };
    let essential = task.containers.len() > 1;
    essential && task.containers.iter().any(listens)
}

/// The port of loopback that a variable holds an address of.
fn loopback_port(variable: &Variable) -> Option<i64> {
    let name = variable.name.to_ascii_uppercase();
    if !ADDRESSES.iter().any(|end| name.ends_with(end))
        || name.split('_').any(|word| OF_OTHERS.contains(&word))
    {
        return None;
    }
    let value = variable.value.as_ref()?.known()?;
    let rest = value.split_once("://").map_or(&*value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    let (host, port) = authority.split_once(':')?;
    matches!(host, "localhost" | "127.0.0.1").then(|| port.parse().ok())?
}

fn finding(
    container: &Container,
    variable: &Variable,
    port: i64,
    peer: &TaskDefinition,
    at: Span,
) -> Finding {
    let whose = container.shown_name.as_str();
    let name = &variable.name;
    let message = format!(
        "`{name}` of `{whose}` points to port {port} on localhost, but no container of its task opens that port; `{}`, which does, is another task",
        peer.name
    );
    let place = private_host::place(variable);
    let finding =
        Finding::new(message, Label::new(place, "on this address, a container reaches only its own task"))
            .related(Label::new(at, format!("this task opens port {port}")));
    let finding = if place.overlaps(variable.at) {
        finding
    } else {
        finding.related(Label::new(variable.at, format!("`{name}` of `{whose}` is set here")))
    };
    finding.help("use the name of that task in service discovery or Service Connect, or its load balancer")
}
