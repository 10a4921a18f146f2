//! Services of production run as many tasks as somebody once wrote, whatever the load.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::scaling_target::ScalingTarget;
use policy_core::model::service::{Scheduling, Service};
use policy_core::rule::Context;
use policy_core::value::{Origin, Text};

use super::production;
use crate::wording;

/// So many of them are pointed at.
const MAX_SHOWN: usize = 4;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // What a target is of that is not told may be any service.
    let roots = &context.deployment.roots;
    let is_told = |root: &AwsRoot| {
        root.scaling_targets
            .iter()
            .filter(|target| may_scale_tasks(target))
            .all(|target| root.services.iter().any(|service| is_of(target, service)))
    };
    if !roots.iter().all(is_told) {
        return Vec::new();
    }
    context.each_root(|root| {
        let fixed: Vec<&Service> =
            root.services.iter().filter(|service| is_fixed(context, root, service)).collect();
        finding(&fixed).into_iter().collect()
    })
}

fn may_scale_tasks(target: &ScalingTarget) -> bool {
    target.namespace.known().is_none_or(|namespace| namespace == "ecs")
}

/// Whether a target is that of the service, by its name or by the attribute that holds it.
fn is_of(target: &ScalingTarget, service: &Service) -> bool {
    let Some((resource, _)) = &target.resource else { return false };
    let attribute = format!("{}.name", service.name);
    let by_attribute = resource.holes().any(|hole| match &hole.origin {
        Origin::Cloud(name) => {
            name.strip_suffix(&attribute).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }
        _ => false,
    });
    let by_name = |name: &Text| {
        resource.to_string().strip_suffix(&name.to_string()).is_some_and(|rest| rest.ends_with('/'))
    };
    by_attribute || service.called.as_ref().is_some_and(by_name)
}

fn is_fixed(context: &Context<'_>, root: &AwsRoot, service: &Service) -> bool {
    let is_scaled_elsewhere = root.terraform.as_ref().is_none_or(|terraform| {
        terraform.is_passed_to_external_module(&service.name)
            || terraform.remote_calls.iter().any(|call| call.source.contains("scaling"))
    });
    service.certain
        && !service.targets.is_empty()
        && service
            .scheduling
            .or_default(&Scheduling::Replica, service.at)
            .is_some_and(|(kind, _)| *kind == Scheduling::Replica)
        && !root.scaling_targets.iter().any(|target| is_of(target, service))
        && !is_scaled_elsewhere
        && production::is_in_production(context, root, service)
}

/// One for all: whoever set them up left it out everywhere.
fn finding(fixed: &[&Service]) -> Option<Finding> {
    let (first, others) = fixed.split_first()?;
    let mut names: Vec<&str> = fixed.iter().map(|service| &*service.name).collect();
    names.dedup();
    let message = format!(
        "no scaling target changes how many tasks {} {} in production, whatever the load",
        wording::listed(&names),
        if names.len() == 1 { "runs" } else { "run" }
    );
    let finding = Finding::new(message, Label::new(first.at, "the number of its tasks is fixed"));
    let shown = others.iter().take(MAX_SHOWN);
    let finding = shown.fold(finding, |finding, service| {
        finding.related(Label::new(service.at, "so is the number of its tasks"))
    });
    Some(finding.help(
        "add an `aws_appautoscaling_target` and a policy that follows the load, such as the CPU or the requests per target",
    ))
}
