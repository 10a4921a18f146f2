//! What Terraform says about a port: whether a load balancer opens it, and which container listens on it.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_core::finding::Label;
use policy_core::model::AwsRoot;
use policy_core::model::endpoint::Host;
use policy_core::model::load_balancer::Opening;
use policy_core::model::service::{Service, ServiceTarget};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

/// Labels of one kind in a finding; more tell nothing new.
const MAX_LABELS: usize = 4;

/// The ports that may be open: those that the settings name, and those of every listener, whichever load balancer and
/// environment it belongs to.
pub(super) fn open(context: &Context<'_>) -> BTreeSet<u16> {
    let openings = context.deployment.roots.iter().flat_map(|root| &root.openings);
    let of_listeners = openings.filter_map(|opening| u16::try_from(*opening.port.known()?).ok());
    of_listeners.chain(context.options.websocket.open_ports.iter().copied()).collect()
}

/// The place where a compose file publishes the port, where no entrance is known to stand before the machine.
pub(super) fn published(context: &Context<'_>, port: u16) -> Option<Span> {
    let deployment = context.deployment;
    let has_entrance =
        deployment.roots.iter().any(|root| !root.openings.is_empty()) || !deployment.ingresses.is_empty();
    let files = deployment.compose_services.iter().filter(|service| {
        let path = context.sources.path(service.at.file);
        !purpose::is_for_development(path) && !purpose::is_made_up(path)
    });
    let mut ports =
        files.filter(|service| service.fronted.is_none()).flat_map(|service| service.ports.iter().flatten());
    ports.find(|own| own.machine == Some(port)).filter(|_| !has_entrance).map(|own| own.at)
}

/// A container's port, and the load balancers that lead to it.
struct Taker {
    at: Span,
    container: String,
    behind: Vec<Arc<str>>,
}

/// The containers that have `port`, and the ports of the load balancers in front of them. Where none leads to them for
/// certain, those of the only load balancer there is; but a host that is named may be somebody else's altogether.
pub(super) fn labels(context: &Context<'_>, port: u16, host: &Host) -> Vec<Label> {
    let roots = &context.deployment.roots;
    let mut ports = Vec::new();
    let mut listeners = Vec::new();
    for root in roots {
        for taker in takers(root, port) {
            let text = format!("port {port} is the container port of `{}`", taker.container);
            ports.push(Label::new(taker.at, text));
            listeners.extend(taker.behind.iter().flat_map(|balancer| listening(&root.openings, balancer)));
        }
    }
    if listeners.is_empty() && (!ports.is_empty() || !matches!(host, Host::Named(_) | Host::Private(_))) {
        listeners = of_the_only_one(roots);
    }
    let mut labels = once_each(ports);
    labels.extend(once_each(listeners));
    labels
}

/// The ports of the only load balancer of all root modules.
fn of_the_only_one(roots: &[AwsRoot]) -> Vec<Label> {
    let balancers: BTreeSet<_> = roots
        .iter()
        .flat_map(|root| root.openings.iter().map(|opening| (&root.folder, &opening.load_balancer)))
        .collect();
    match balancers.first() {
        Some((_, Some(balancer))) if balancers.len() == 1 => {
            roots.iter().flat_map(|root| listening(&root.openings, balancer)).collect()
        }
        _ => Vec::new(),
    }
}

/// The known ports of a load balancer that are open for certain.
fn listening<'o>(openings: &'o [Opening], balancer: &Arc<str>) -> impl Iterator<Item = Label> + 'o {
    let balancer = balancer.clone();
    openings
        .iter()
        .filter(move |opening| opening.certain && opening.load_balancer.as_ref() == Some(&balancer))
        .filter_map(|opening| opening.port.found())
        .map(|(port, from)| Label::new(from.at, format!("the load balancer listens on port {port}")))
}

/// The containers of a root module that have `port`.
fn takers(root: &AwsRoot, port: u16) -> Vec<Taker> {
    let port = i64::from(port);
    let mut takers = Vec::new();
    for definition in &root.task_definitions {
        let runs = |service: &&Service| {
            service.task_definition.as_ref().is_some_and(|one| Arc::ptr_eq(one, definition))
        };
        for container in &definition.containers {
            let Some(name) = container.name.known() else { continue };
            let mut ports = container.ports.iter().filter_map(|mapping| mapping.container.found());
            let Some((_, from)) = ports.find(|(known, _)| **known == port) else { continue };
            let registered = root.services.iter().filter(runs).flat_map(|service| &service.targets);
            let registered = registered.filter(|target| registers(target, name, port));
            let behind = registered.flat_map(|target| in_front_of(&root.openings, target)).collect();
            takers.push(Taker { at: from.at, container: name.clone(), behind });
        }
    }
    takers
}

fn registers(target: &ServiceTarget, container: &str, port: i64) -> bool {
    target.container.known().is_some_and(|name| name == container) && target.port.known() == Some(&port)
}

/// The load balancers with a listener that forwards to the target group of `target`.
fn in_front_of(openings: &[Opening], target: &ServiceTarget) -> Vec<Arc<str>> {
    let Some(group) = &target.target_group else { return Vec::new() };
    let forwards = |opening: &&Opening| opening.targets.iter().any(|target| target.address == group.address);
    openings.iter().filter(forwards).filter_map(|opening| opening.load_balancer.clone()).collect()
}

fn once_each(mut labels: Vec<Label>) -> Vec<Label> {
    let mut seen = BTreeSet::new();
    labels.retain(|label| seen.insert((label.span, label.text.clone())));
    labels.truncate(MAX_LABELS);
    labels
}
