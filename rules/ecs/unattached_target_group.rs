//! A service registers with a target group that no listener forwards to.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::{Action, TargetGroup};
use policy_core::model::service::{Rollout, Service, ServiceTarget};
use policy_core::rule::Context;
use policy_core::terraform::world::Root;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // A group that is looked up by its name may be any.
    if context.deployment.roots.iter().filter_map(|root| root.terraform.as_ref()).any(looks_groups_up) {
        return Vec::new();
    }
    context.each_root(in_root)
}

fn looks_groups_up(root: &Root) -> bool {
    root.data_sources.iter().any(|source| source.kind.ends_with("lb_target_group"))
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let Some(terraform) = root.terraform.as_ref().filter(|_| knows_all_routes(root)) else {
        return Vec::new();
    };
    let lonely = root.registrations().filter(|(service, _, group)| {
        service.rollout != Rollout::Other
            && !is_routed(root, terraform, group)
            && !is_given_away(terraform, &group.address)
    });
    lonely.map(|(service, target, group)| unattached(root, service, target, group)).collect()
}

/// Whether the root module has listeners, and of each and of each rule it is known where it sends requests.
fn knows_all_routes(root: &AwsRoot) -> bool {
    let listeners = root.listeners.iter().map(|listener| listener.default_action);
    let rules = root.listener_rules.iter().map(|rule| rule.action);
    !root.listeners.is_empty() && listeners.chain(rules).all(|action| action != Action::Unknown)
}

/// Whether a listener or a rule names the group; a reference without a key may mean any instance.
fn is_routed(root: &AwsRoot, terraform: &Root, group: &TargetGroup) -> bool {
    let listeners = root.listeners.iter().flat_map(|listener| &listener.default_targets);
    let rules = root.listener_rules.iter().flat_map(|rule| &rule.targets);
    listeners
        .chain(rules)
        .any(|target| terraform.at_address(&target.address).any(|resource| resource.address == group.address))
}

/// Whether others may send requests to the group: who reads the outputs of the root module, modules from elsewhere.
fn is_given_away(root: &Root, group: &str) -> bool {
    root.outputs.values().any(|output| output.refers_to(group))
        || root.remote_calls.iter().any(|call| call.arguments.refers_to(group))
}

fn unattached(root: &AwsRoot, service: &Service, target: &ServiceTarget, group: &TargetGroup) -> Finding {
    let message = format!(
        "no listener forwards to `{}`, where `{}` registers its tasks: AWS refuses to create the service",
        group.name, service.name
    );
    let finding =
        Finding::new(message, Label::new(group.at, "no listener or rule forwards to this target group"))
            .related(Label::new(target.at, "the service registers its tasks here"));
    let left_out = root.left_out_listeners.iter();
    let finding = left_out.fold(finding, |finding, at| {
        finding.related(Label::new(*at, "with the known values, this listener is not created"))
    });
    finding.help(
        "add an `aws_lb_listener_rule` that forwards to the target group, or forward to it in the default action of a listener",
    )
}
