//! A service keeps starting tasks that fail, and does not go back.

use policy_core::finding::{Finding, Label};
use policy_core::model::service::{Rollout, Service};
use policy_core::rule::Context;

use crate::{cause, terraform_fix};

const BREAKER: [&str; 4] = ["deployment_circuit_breaker {", "  enable   = true", "  rollback = true", "}"];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        cause::merge(root.services.iter().filter_map(|service| keeps_trying(context, service)))
    })
}

fn keeps_trying(context: &Context<'_>, service: &Service) -> Option<Finding> {
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
    let fix = match &service.rollout {
        Rollout::KeepsTrying => {
            terraform_fix::insert(context, service.at, "roll back if a deployment fails", &BREAKER)
        }
        Rollout::SwitchedOff(from) => terraform_fix::replace(context, from, "false", "true"),
        Rollout::NotSwitchedOn(_) | Rollout::RollsBack | Rollout::Other => None,
    };
    let finding = fix.into_iter().fold(finding, Finding::fix);
    Some(finding.help("set `enable = true` and `rollback = true` in a `deployment_circuit_breaker` block"))
}
