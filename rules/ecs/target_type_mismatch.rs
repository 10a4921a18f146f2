//! A service's target group addresses targets in a way that the tasks' network mode does not allow.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{TargetGroup, target_groups};
use policy_core::model::service::{Service, ServiceTarget, services};
use policy_core::model::task_definition::{TaskDefinition, task_definitions};
use policy_core::resolve::Resolved;
use policy_core::resolve::terraform::world::Root;
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.terraform.each_root(in_root)
}

fn in_root(root: &Root) -> Vec<Finding> {
    let (definitions, groups) = (task_definitions(root), target_groups(root));
    let mut findings = Vec::new();
    for service in services(root).iter().filter(|service| service.certain) {
        let Some(task) = service.definition(&definitions) else { continue };
        for target in &service.targets {
            let reference = target.target_group.as_ref();
            let group = groups.iter().find(|group| reference.is_some_and(|to| to.address == group.address));
            findings.extend(group.and_then(|group| mismatch(service, task, target, group)));
        }
    }
    findings
}

fn mismatch(
    service: &Service,
    task: &TaskDefinition,
    target: &ServiceTarget,
    group: &TargetGroup,
) -> Option<Finding> {
    let (mode, mode_at) = known_or(task.network_mode.as_ref(), "bridge", task.at)?;
    let (kind, kind_at) = known_or(group.target_type.as_ref(), "instance", group.at)?;
    let needed = match mode {
        "awsvpc" if kind == "instance" => "ip",
        "bridge" | "host" if kind == "ip" => "instance",
        _ => return None,
    };
    let message = format!(
        "`{}` has targets of type `{kind}`, but the tasks of `{}` use the network mode `{mode}`, which needs `{needed}`",
        group.name, service.name
    );
    let label = if group.target_type.is_some() {
        "the target type"
    } else {
        "`instance` where no `target_type` is set"
    };
    let mode_label = if task.network_mode.is_some() {
        "the network mode"
    } else {
        "`bridge` where no `network_mode` is set"
    };
    let finding = Finding::new(message, Label::new(kind_at, label))
        .related(Label::new(mode_at, mode_label))
        .related(Label::new(target.at, "the service registers its tasks here"));
    Some(finding.help(format!("set `target_type = \"{needed}\"`; changing it replaces the target group")))
}

fn known_or<'s>(
    setting: Option<&'s Resolved<String>>,
    default: &'s str,
    at: Span,
) -> Option<(&'s str, Span)> {
    match setting {
        None => Some((default, at)),
        Some(Resolved::Known(value, from)) => Some((value, from.at)),
        Some(Resolved::Unknown(..)) => None,
    }
}
