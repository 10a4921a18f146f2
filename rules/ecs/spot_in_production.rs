//! A service of production runs all of its tasks on capacity that AWS may take away.

use policy_core::finding::{Finding, Label};
use policy_core::model::service::{CapacityProvider, Service};
use policy_core::rule::Context;

use super::production;

/// Capacity that is left over.
const SPOT: &str = "FARGATE_SPOT";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let services = root.services.iter().filter(|service| service.certain);
        let in_production = services.filter(|service| production::is_in_production(context, root, service));
        in_production.filter_map(only_on_spot).collect()
    })
}

fn only_on_spot(service: &Service) -> Option<Finding> {
    // A worker without a load balancer may take up where another was stopped.
    let target = service.targets.first()?;
    let mut used: Vec<&CapacityProvider> = Vec::new();
    for provider in &service.capacity.providers {
        if provider.is_used()? {
            used.push(provider);
        }
    }
    let is_spot = |provider: &&CapacityProvider| provider.name.known().is_some_and(|name| name == SPOT);
    let (_, from) = used.first()?.name.found()?;
    if service.capacity.more || !used.iter().all(is_spot) {
        return None;
    }
    let message = format!(
        "all tasks of `{}` run on Fargate Spot in production: AWS can stop all of them at once, two minutes after a warning",
        service.name
    );
    let finding = Finding::new(message, Label::new(from.at, "no other capacity provider has tasks"))
        .related(Label::new(target.at, "the load balancer sends requests to these tasks"));
    Some(finding.help(
        "add a strategy for `FARGATE` with a `base` of the tasks that have to stay, and let `FARGATE_SPOT` run the others",
    ))
}
