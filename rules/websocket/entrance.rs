//! What Terraform tells of a port: whether a load balancer opens it, and which container has it.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_core::finding::Label;
use policy_core::model::endpoint::Host;
use policy_core::model::load_balancer::{Opening, openings};
use policy_core::model::service::{Service, ServiceTarget, services};
use policy_core::model::setting;
use policy_core::model::task_definition::{TaskDefinition, task_definitions};
use policy_core::resolve::Resolved;
use policy_core::resolve::terraform::world::Root;
use policy_core::rule::Context;
use policy_core::source::Span;

/// Labels of one kind in a finding; more tell nothing new.
const MAX_LABELS: usize = 4;

/// The ports that may be open: those that the settings name, and those of every listener, whichever load balancer and
/// environment it belongs to.
pub(super) fn open_ports(context: &Context<'_>) -> BTreeSet<u16> {
    let roots = context.deployment.terraform.roots.iter();
    let of_listeners = roots.flat_map(openings).filter_map(|opening| setting::known(&opening.port).copied());
    let of_listeners = of_listeners.filter_map(|port| u16::try_from(port).ok());
    of_listeners.chain(context.options.websocket.open_ports.iter().copied()).collect()
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
    let roots: Vec<(&Root, Vec<Opening>)> =
        context.deployment.terraform.roots.iter().map(|root| (root, openings(root))).collect();
    let mut ports = Vec::new();
    let mut listeners = Vec::new();
    for (root, openings) in &roots {
        for taker in takers(root, openings, port) {
            let text = format!("port {port} is the container `{}`'s own", taker.container);
            ports.push(Label::new(taker.at, text));
            listeners.extend(taker.behind.iter().flat_map(|balancer| listening(openings, balancer)));
        }
    }
    if listeners.is_empty() && (!ports.is_empty() || !matches!(host, Host::Named(_) | Host::Private(_))) {
        listeners = of_the_only_one(&roots);
    }
    let mut labels = once_each(ports);
    labels.extend(once_each(listeners));
    labels
}

/// The ports of the only load balancer of all root modules.
fn of_the_only_one(roots: &[(&Root, Vec<Opening>)]) -> Vec<Label> {
    let all = || {
        roots.iter().flat_map(|(root, openings)| openings.iter().map(move |opening| (&root.folder, opening)))
    };
    let balancers: BTreeSet<_> = all().map(|(folder, opening)| (folder, &opening.load_balancer)).collect();
    match balancers.first() {
        Some((_, Some(balancer))) if balancers.len() == 1 => {
            roots.iter().flat_map(|(_, openings)| listening(openings, balancer)).collect()
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
        .filter_map(|opening| match &opening.port {
            Some(Resolved::Known(port, from)) => {
                Some(Label::new(from.at, format!("the load balancer listens on port {port}")))
            }
            _ => None,
        })
}

/// The containers of a root module that have `port`.
fn takers(root: &Root, openings: &[Opening], port: u16) -> Vec<Taker> {
    let port = i64::from(port);
    let definitions = task_definitions(root);
    let services = services(root);
    let mut takers = Vec::new();
    for definition in &definitions {
        for container in &definition.containers {
            let Some(name) = setting::known(&container.name) else { continue };
            let mapped = container.ports.iter().find_map(|mapping| match &mapping.container {
                Some(Resolved::Known(known, from)) if *known == port => Some(from.at),
                _ => None,
            });
            let Some(at) = mapped else { continue };
            let runs = |service: &&Service| {
                service.definition(&definitions).is_some_and(|one| is_same(one, definition))
            };
            let registered = services.iter().filter(runs).flat_map(|service| &service.targets);
            let registered = registered.filter(|target| registers(target, name, port));
            let behind = registered.flat_map(|target| in_front_of(openings, target)).collect();
            takers.push(Taker { at, container: name.clone(), behind });
        }
    }
    takers
}

fn is_same(one: &TaskDefinition, other: &TaskDefinition) -> bool {
    one.address == other.address
}

fn registers(target: &ServiceTarget, container: &str, port: i64) -> bool {
    setting::known(&target.container).is_some_and(|name| name == container)
        && setting::known(&target.port) == Some(&port)
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
