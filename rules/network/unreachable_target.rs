//! No security group allows the load balancer to reach the tasks behind it.

use std::collections::{BTreeSet, HashSet};

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

/// One finding for the groups that lack rules, however many ports they are for.
fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let mut out: Vec<Vec<BalancedPort<'_>>> = Vec::new();
    let mut within: Vec<Vec<BalancedPort<'_>>> = Vec::new();
    for backend in root.balanced_ports().chain(root.asked_ports()) {
        let kind = if is_kept_out(&backend) {
            &mut out
        } else if is_kept_in(&backend) {
            &mut within
        } else {
            continue;
        };
        match kind.iter_mut().find(|all| all.first().is_some_and(|other| has_same_groups(other, &backend))) {
            Some(all) => all.push(backend),
            None => kind.push(vec![backend]),
        }
    }
    let kept_out = out.iter().filter_map(|backends| kept_out(backends));
    kept_out.chain(within.iter().filter_map(|backends| kept_in(backends))).collect()
}

/// No group of the tasks lets the load balancer in.
fn is_kept_out(backend: &BalancedPort<'_>) -> bool {
    let BalancedPort { port, groups, sender_groups, .. } = backend;
    let lets_in = |group: &&SecurityGroup| group.ingress.may_take(*port, &group.address, sender_groups);
    !groups.is_empty() && !groups.iter().any(lets_in)
}

/// No group of the load balancer lets it out to the tasks.
fn is_kept_in(backend: &BalancedPort<'_>) -> bool {
    let BalancedPort { port, groups, sender_groups, .. } = backend;
    let lets_out = |group: &&SecurityGroup| group.egress.may_take(*port, &group.address, groups);
    !sender_groups.is_empty() && !sender_groups.iter().any(lets_out)
}

fn has_same_groups(one: &BalancedPort<'_>, other: &BalancedPort<'_>) -> bool {
    let addresses =
        |groups: &[&SecurityGroup]| -> Vec<_> { groups.iter().map(|group| group.address.clone()).collect() };
    addresses(&one.groups) == addresses(&other.groups)
        && addresses(&one.sender_groups) == addresses(&other.sender_groups)
}

fn kept_out(backends: &[BalancedPort<'_>]) -> Option<Finding> {
    let BalancedPort { groups, sender_groups, .. } = backends.first()?;
    let first = groups.first()?;
    let ports_named = ports_named(backends);
    let message = format!(
        "the load balancer cannot reach {}: no ingress rule of {} allows {ports_named} from {}",
        reached(backends),
        names(groups),
        names(sender_groups)
    );
    let finding = Finding::new(
        message,
        Label::new(
            first.at,
            format!("no ingress rule of this group allows {ports_named} from the load balancer"),
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
    Some(with_backends(finding, backends).help(format!(
        "add an ingress rule for {ports_named} from {} to {}",
        names(sender_groups),
        names(groups)
    )))
}

fn kept_in(backends: &[BalancedPort<'_>]) -> Option<Finding> {
    let BalancedPort { groups, sender_groups, .. } = backends.first()?;
    let first = sender_groups.first()?;
    let ports_named = ports_named(backends);
    let lets_nothing_out = sender_groups.iter().all(|group| group.egress.rules.is_empty());
    let why = if lets_nothing_out {
        format!("{} has no egress rule at all", names(sender_groups))
    } else {
        format!("no egress rule of {} allows {ports_named} to {}", names(sender_groups), names(groups))
    };
    let message = format!("the load balancer cannot reach {}: {why}", reached(backends));
    let label = if lets_nothing_out {
        "Terraform removes the egress rule that AWS gives each security group".to_owned()
    } else {
        format!("no egress rule of this group allows {ports_named} to the tasks")
    };
    let finding = Finding::new(message, Label::new(first.at, label));
    let rules = sender_groups.iter().flat_map(|group| &group.egress.rules).take(MAX_SHOWN);
    let finding = rules.fold(finding, |finding, rule| {
        finding.related(Label::new(rule.at, format!("this egress rule allows {}", ports(rule.ports))))
    });
    Some(
        with_backends(finding, backends)
            .help(format!("add an egress rule for {ports_named} to {}", names(sender_groups))),
    )
}

/// "`api` on port 8000 and `web` on port 3000"; the instances of one module may have one name.
fn reached(backends: &[BalancedPort<'_>]) -> String {
    let all: BTreeSet<String> = backends
        .iter()
        .map(|backend| format!("`{}` on port {}", backend.service.name, backend.port))
        .collect();
    match all.into_iter().collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
    }
}

/// "port 80" or "ports 80 and 3000".
fn ports_named(backends: &[BalancedPort<'_>]) -> String {
    let all: BTreeSet<i64> = backends.iter().map(|backend| backend.port).collect();
    let all: Vec<String> = all.iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [only] => format!("port {only}"),
        [first @ .., last] => format!("ports {} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

fn with_backends(finding: Finding, backends: &[BalancedPort<'_>]) -> Finding {
    let mut all = backends.iter().take(MAX_SHOWN).fold(finding, with_backend);
    let mut seen = HashSet::new();
    all.related.retain(|label| seen.insert((label.span, label.text.clone())));
    all
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
