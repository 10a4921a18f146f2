//! Ports that the health check of a container or of its target group connects to.

use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::HealthCheck;
use policy_core::model::task_definition::{Container, TaskDefinition};
use policy_core::source::Span;

/// A port that a health check connects to.
pub(super) struct AskedPort {
    pub(super) port: i64,
    pub(super) at: Span,
}

/// The first of them, where no port that a health check connects to is one of `open`, which are all that the process listens on.
pub(super) fn unopened(
    root: &AwsRoot,
    definition: &TaskDefinition,
    container: &Container,
    open: &[u16],
) -> Option<AskedPort> {
    // A container beside it may be the one that listens there.
    let is_alone = definition.containers.len() == 1 && !definition.more_containers;
    let is_open = |port: i64| open.iter().any(|own| i64::from(*own) == port);
    let closed = |asked: Vec<AskedPort>| {
        let any_open = asked.iter().any(|asked| is_open(asked.port));
        asked.into_iter().next().filter(|_| is_alone && !any_open)
    };
    by_command(container).and_then(closed).or_else(|| closed(by_target_group(root, definition, container)))
}

/// `None` where the command asks more than its own container, or it is not known where.
fn by_command(container: &Container) -> Option<Vec<AskedPort>> {
    let asks = &container.health_check.known()?.probe.asks;
    let own = asks
        .iter()
        .map(|asked| Some(AskedPort { port: asked.port.filter(|_| asked.is_own())?, at: asked.at }));
    own.collect()
}

/// The ports that target groups ask in the place of the one that is registered.
fn by_target_group(root: &AwsRoot, definition: &TaskDefinition, container: &Container) -> Vec<AskedPort> {
    // Where tasks share the addresses of machines, it is a port of the machine.
    if !definition.has_own_network() {
        return Vec::new();
    }
    let of_task = root.registrations().filter(|(service, target, _)| {
        service.task_definition.as_ref().is_some_and(|task| task.address == definition.address)
            && target.container.known() == container.name.known()
    });
    let asked = of_task.filter_map(|(_, _, group)| {
        let check: &HealthCheck = group.health_check.as_ref()?;
        let (port, from) = check.port.found().filter(|_| check.enabled.known() != Some(&false))?;
        Some(AskedPort { port: port.parse().ok()?, at: from.at })
    });
    asked.collect()
}
