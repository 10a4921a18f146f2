//! No security group allows the load balancer to reach the tasks behind it.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::balanced_port::BalancedPort;
use policy_core::model::security_group::{GroupRule, Ports, SecurityGroup};
use policy_core::rule::Context;

use crate::wording;

/// The most rules that a finding shows.
const MAX_SHOWN: usize = 4;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // A rule of any root module may be one of these groups, where it is not known of which it is.
    if context.deployment.roots.iter().any(|root| root.security_groups.has_stray_rules) {
        return Vec::new();
    }
    context.each_root(in_root)
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    root.balanced_ports().filter_map(|backend| kept_out(&backend).or_else(|| kept_in(&backend))).collect()
}

/// No group of the tasks lets the load balancer in.
fn kept_out(backend: &BalancedPort<'_>) -> Option<Finding> {
    let BalancedPort { service, port, groups, sender_groups, .. } = backend;
    let lets_in = |group: &&SecurityGroup| group.ingress.may_take(*port, &group.address, sender_groups);
    let first = groups.first().filter(|_| !groups.iter().any(lets_in))?;
    let message = format!(
        "the load balancer cannot reach `{}` on port {port}: no ingress rule of {} allows port {port} from {}",
        service.name,
        names(groups),
        names(sender_groups)
    );
    let finding = Finding::new(
        message,
        Label::new(
            first.at,
            format!("no ingress rule of this group allows port {port} from the load balancer"),
        ),
    );
    let rules = groups.iter().flat_map(|group| group.ingress.rules.iter().map(move |rule| (*group, rule)));
    let admits = |(group, rule): &(&SecurityGroup, &GroupRule)| {
        let peers = &rule.peers;
        sender_groups
            .iter()
            .any(|own| peers.groups.may_name(&own.address) || (peers.itself && own.address == group.address))
    };
    let shown = rules.filter(admits).take(MAX_SHOWN);
    let finding = shown.fold(finding, |finding, (_, rule)| {
        finding.related(Label::new(rule.at, format!("this ingress rule allows only {}", ports(rule.ports))))
    });
    Some(with_backend(finding, backend).help(format!(
        "add an ingress rule for port {port} from {} to {}",
        names(sender_groups),
        names(groups)
    )))
}

/// No group of the load balancer lets it out to the tasks.
fn kept_in(backend: &BalancedPort<'_>) -> Option<Finding> {
    let BalancedPort { service, port, groups, sender_groups, .. } = backend;
    let lets_out = |group: &&SecurityGroup| group.egress.may_take(*port, &group.address, groups);
    let first = sender_groups.first().filter(|_| !sender_groups.iter().any(lets_out))?;
    let lets_nothing_out = sender_groups.iter().all(|group| group.egress.rules.is_empty());
    let why = if lets_nothing_out {
        format!("{} has no egress rule at all", names(sender_groups))
    } else {
        format!("no egress rule of {} allows port {port} to {}", names(sender_groups), names(groups))
    };
    let message = format!("the load balancer cannot reach `{}` on port {port}: {why}", service.name);
    let label = if lets_nothing_out {
        "Terraform removes the egress rule that AWS gives each security group"
    } else {
        "no egress rule of this group allows this port to the tasks"
    };
    let finding = Finding::new(message, Label::new(first.at, label));
    let rules = sender_groups.iter().flat_map(|group| &group.egress.rules).take(MAX_SHOWN);
    let finding = rules.fold(finding, |finding, rule| {
        finding.related(Label::new(rule.at, format!("this egress rule allows {}", ports(rule.ports))))
    });
    Some(
        with_backend(finding, backend)
            .help(format!("add an egress rule for port {port} to {}", names(sender_groups))),
    )
}

fn with_backend(finding: Finding, backend: &BalancedPort<'_>) -> Finding {
    let finding = finding
        .related(Label::new(
            backend.port_at,
            format!("the load balancer sends requests to port {}", backend.port),
        ))
        .related(Label::new(backend.groups_at, "the security groups of the tasks"));
    let balancers = backend.sender.balancers().iter();
    balancers.fold(finding, |finding, balancer| {
        finding.related(Label::new(balancer.at, "this load balancer sends the requests"))
    })
}

fn names(groups: &[&SecurityGroup]) -> String {
    wording::listed(&groups.iter().map(|group| &group.name).collect::<Vec<_>>())
}

fn ports(ports: Ports) -> String {
    match ports {
        Ports::Range(first, last) if first == last => format!("port {first}"),
        Ports::Range(first, last) => format!("ports {first} to {last}"),
        Ports::All => "every port".to_owned(),
        Ports::None => "ports of other protocols".to_owned(),
        Ports::Unknown => "unknown ports".to_owned(),
    }
}
