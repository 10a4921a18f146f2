//! A service keeps starting tasks that fail, and does not go back.

use policy_core::finding::{Finding, Label};
use policy_core::model::service::{Rollout, Service};
use policy_core::rule::Context;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| cause::merge(root.services.iter().filter_map(keeps_trying)))
}

fn keeps_trying(service: &Service) -> Option<Finding> {
    let message = format!(
        "`{}` does not go back to the last working version when new tasks fail to start",
        service.name
    );
    let finding = match &service.rollout {
        Rollout::KeepsTrying => {
            Finding::new(message, Label::new(service.at, "no deployment circuit breaker"))
        }
        Rollout::NotSwitchedOn(at) => {
            Finding::new(message, Label::new(*at, "not enabled, or without rollback"))
        }
        Rollout::SwitchedOff(from) => cause::finding(message, from, "switched off"),
        Rollout::RollsBack | Rollout::Other => return None,
    };
    let help =
        "add `deployment_circuit_breaker { enable = true, rollback = true }`, each on a line of its own";
    Some(finding.help(help))
}
