//! A listener that forwards to a target group with which nothing registers.
//!
//! Proved are: a listener or a rule that is made for certain forwards to the group and to no other; services of ECS are made
//! beside it; no service, Auto Scaling group or attachment of the configuration names the group, or one that is not known;
//! no module from elsewhere and no output has it; and nothing in the repository speaks of filling target groups: no script that
//! registers targets or creates services, no `CodeDeploy`, no `TargetGroupBinding`, no other configuration that looks it up.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::{Action, Filled, TargetGroup, TargetType};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::terraform::value::Reference;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| cause::merge(in_root(root).into_iter()))
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let mut services = root.services.iter().filter(|service| service.certain);
    let Some(service) = services.next() else { return Vec::new() };
    let empty =
        root.target_groups.iter().filter(|group| group.filled == Filled::Nowhere && takes_machines(group));
    let found = empty.filter_map(|group| {
        let (name, at) = sender(root, group)?;
        let message = format!(
            "`{name}` forwards to `{}`, but nothing registers with this target group: every request gets 503",
            group.name
        );
        let finding = Finding::new(
            message,
            Label::new(group.at, "no service and no instance registers with this target group"),
        )
        .related(Label::new(at, "requests are forwarded here"));
        Some(if service.targets.is_empty() {
            finding
                .related(Label::new(service.at, "this service has no `load_balancer` block"))
                .help("add a `load_balancer` block with the target group to the service that it is meant for")
        } else {
            finding.help(
                "add a `load_balancer` block with the target group to the service that it is meant for, or remove the rule",
            )
        })
    });
    found.collect()
}

/// Whether its targets are machines or tasks.
fn takes_machines(group: &TargetGroup) -> bool {
    let kind = group.target_type.or_default(&TargetType::Instance, group.at);
    kind.is_some_and(|(kind, _)| matches!(kind, TargetType::Instance | TargetType::Ip))
}

/// What sends all its requests to the group: its name and place.
fn sender<'r>(root: &'r AwsRoot, group: &TargetGroup) -> Option<(&'r str, Span)> {
    let is_all = |action: Action, targets: &[Reference]| {
        action == Action::Forwards && matches!(targets, [only] if only.address == group.address)
    };
    let listeners = root
        .listeners
        .iter()
        .filter(|listener| listener.certain && is_all(listener.default_action, &listener.default_targets));
    let rules = root.listener_rules.iter().filter(|rule| rule.certain && is_all(rule.action, &rule.targets));
    let senders = listeners.map(|listener| (&*listener.name, listener.at));
    senders.chain(rules.map(|rule| (&*rule.name, rule.at))).next()
}
