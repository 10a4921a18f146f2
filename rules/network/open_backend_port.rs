//! A port behind a load balancer that everyone may connect to.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::balanced_port::{BalancedPort, Sender};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    root.balanced_ports().flat_map(|backend| open(&backend)).collect()
}

fn open(backend: &BalancedPort<'_>) -> Vec<Finding> {
    let BalancedPort { service, port, groups, sender, sender_groups, .. } = backend;
    let Sender::Attached(balancer) = sender else { return Vec::new() };
    let is_shared = |address: &str| sender_groups.iter().any(|own| *own.address == *address);
    let own = groups.iter().filter(|group| !is_shared(&group.address));
    let open = own.filter_map(|group| Some((group, group.ingress.open_to_everyone(*port)?)));
    open.map(|(group, (rule, at))| {
        let message = format!(
            "port {port} of `{}` is behind `{}`, but `{}` allows it from every address",
            service.name, balancer.name, group.name
        );
        let mut finding = Finding::new(message, Label::new(at, "open to every address"));
        if !at.is_within(rule.at) {
            finding = finding.related(Label::new(rule.at, "this rule allows every address"));
        }
        let finding = finding
            .related(Label::new(backend.port_at, "the load balancer sends requests to this port"))
            .related(Label::new(backend.groups_at, "the tasks are in this security group"));
        finding.help(format!(
            "allow the security group of the load balancer instead of every address: {}",
            sender_groups.iter().map(|own| format!("`{}`", own.name)).collect::<Vec<_>>().join(", ")
        ))
    })
    .collect()
}
