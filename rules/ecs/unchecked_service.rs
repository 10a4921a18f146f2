//! ECS services without any health check, whatever they run.

use policy_core::finding::{Finding, Label};
use policy_core::model::service::Service;
use policy_core::rule::Context;

use super::no_health_check;
use crate::wording;

/// So many of them are pointed at.
const MAX_SHOWN: usize = 4;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let unchecked = root.services.iter().filter(|service| {
            no_health_check::is_unasked(service) && !no_health_check::is_said_of(context, service)
        });
        finding(&unchecked.collect::<Vec<_>>()).into_iter().collect()
    })
}

/// One for all: whoever set them up left it out everywhere.
fn finding(unchecked: &[&Service]) -> Option<Finding> {
    let (first, others) = unchecked.split_first()?;
    let mut names: Vec<&str> = unchecked.iter().map(|service| &*service.name).collect();
    names.dedup();
    let listed = wording::listed(&names);
    let message = if names.len() == 1 {
        format!(
            "nothing checks the health of {listed}: no container of its task has a `healthCheck`, and no load balancer asks it"
        )
    } else {
        format!(
            "nothing checks the health of {listed}: no container of their tasks has a `healthCheck`, and no load balancer asks them"
        )
    };
    let finding =
        Finding::new(message, Label::new(first.at, "ECS takes its tasks for healthy while they run"));
    let shown = others.iter().take(MAX_SHOWN);
    let finding = shown.fold(finding, |finding, service| {
        finding.related(Label::new(service.at, "the same for this service"))
    });
    Some(
        finding
            .help("give an essential container of the task a `healthCheck` that uses a program in its image"),
    )
}
