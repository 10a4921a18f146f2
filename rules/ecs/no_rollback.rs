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
        "`{}` does not roll back to the last working version when new tasks fail to start",
        service.name
    );
    let finding = match &service.rollout {
        Rollout::KeepsTrying => {
            Finding::new(message, Label::new(service.at, "this service has no deployment circuit breaker"))
        }
        Rollout::NotSwitchedOn(at) => {
            Finding::new(message, Label::new(*at, "`enable` and `rollback` must both be `true`"))
        }
        Rollout::SwitchedOff(from) => cause::finding(message, from, "this must be `true`"),
        Rollout::RollsBack | Rollout::Other => return None,
    };
    Some(finding.help("set `enable = true` and `rollback = true` in a `deployment_circuit_breaker` block"))
}
