//! A target group addresses targets in a way that does not fit what is registered with it.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::{Machines, TargetGroup, TargetType};
use policy_core::model::service::{Service, ServiceTarget};
use policy_core::model::task_definition::{NetworkMode, TaskDefinition};
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (service, target, group) in root.registrations() {
        let task = service.task_definition.as_ref();
        findings.extend(task.and_then(|task| mismatch(service, task, target, group)));
    }
    for machines in root.machines.iter().filter(|machines| machines.certain) {
        for (at, reference) in &machines.target_groups {
            findings
                .extend(root.target_group(reference).and_then(|group| on_addresses(machines, *at, group)));
        }
    }
    findings
}

/// Machines that are registered where only addresses can be.
fn on_addresses(machines: &Machines, at: Span, group: &TargetGroup) -> Option<Finding> {
    let (kind, from) = group.target_type.found()?;
    if *kind != TargetType::Ip {
        return None;
    }
    let message = format!(
        "`{}` registers instances by their ids with `{}`, which has the target type `ip` and needs IP addresses",
        machines.name, group.name
    );
    let finding = Finding::new(message, Label::new(at, "instances are registered here"))
        .related(Label::new(from.at, "the target type"));
    Some(finding.help(
        "remove this registration if a service registers its tasks; otherwise set `target_type = \"instance\"`",
    ))
}

fn mismatch(
    service: &Service,
    task: &TaskDefinition,
    target: &ServiceTarget,
    group: &TargetGroup,
) -> Option<Finding> {
    let (mode, mode_at) = task.network_mode.or_default(&NetworkMode::Bridge, task.at)?;
    let (kind, kind_at) = group.target_type.or_default(&TargetType::Instance, group.at)?;
    let needed = match (mode, kind) {
        (NetworkMode::AwsVpc, TargetType::Instance) => TargetType::Ip,
        (NetworkMode::Bridge | NetworkMode::Host, TargetType::Ip) => TargetType::Instance,
        _ => return None,
    };
    let message = format!(
        "`{}` has the target type `{kind}`, but the tasks of `{}` use the network mode `{mode}`, which needs `{needed}`",
        group.name, service.name
    );
    let label = if group.target_type.is_set() {
        "the target type"
    } else {
        "no `target_type` is set: the default is `instance`"
    };
    let mode_label = if task.network_mode.is_set() {
        "the network mode"
    } else {
        "no `network_mode` is set: the default is `bridge`"
    };
    let finding = Finding::new(message, Label::new(kind_at, label))
        .related(Label::new(mode_at, mode_label))
        .related(Label::new(target.at, "the service registers its tasks here"));
    Some(finding.help(format!("set `target_type = \"{needed}\"`: Terraform then replaces the target group")))
}
