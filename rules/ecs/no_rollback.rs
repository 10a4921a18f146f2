//! A service keeps starting tasks that fail, and does not go back.

use policy_core::finding::{Finding, Label};
use policy_core::model::service::{Rollout, Service, services};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.terraform.each_root(|root| services(root).iter().filter_map(keeps_trying).collect())
}

fn keeps_trying(service: &Service) -> Option<Finding> {
    let Rollout::KeepsTrying(at) = service.rollout else { return None };
    let message = format!(
        "`{}` does not go back to the last working version when new tasks fail to start",
        service.name
    );
    let label =
        if at == service.at { "no deployment circuit breaker" } else { "not enabled, or without rollback" };
    let help =
        "add `deployment_circuit_breaker { enable = true, rollback = true }`, each on a line of its own";
    Some(Finding::new(message, Label::new(at, label)).help(help))
}
