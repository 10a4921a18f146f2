//! A listener that sends clients to a port of its load balancer at which nothing speaks what they are told to speak.
//!
//! Proved are: the redirect keeps the host, and its protocol and port are known; the load balancer is of the configuration, and
//! all its listeners are there: none of an unknown load balancer, no module from elsewhere that is given it, no output with its
//! ARN, no data source that finds load balancers by name; and no listener of it, certain or not, may speak TLS at that port.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::{Listener, LoadBalancer, Protocol};
use policy_core::rule::Context;
use policy_core::terraform::value::Value;
use policy_core::terraform::world::Root;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut roots = context.deployment.roots.iter().filter_map(|root| root.terraform.as_ref());
    if roots.any(finds_load_balancers) {
        return Vec::new();
    }
    context.each_root(in_root)
}

/// Whether a root module may add listeners to load balancers of others.
fn finds_load_balancers(root: &Root) -> bool {
    root.data_sources.iter().any(|source| matches!(&*source.kind, "aws_lb" | "aws_alb"))
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    root.listeners.iter().filter_map(|listener| of_listener(root, listener)).collect()
}

fn of_listener(root: &AwsRoot, listener: &Listener) -> Option<Finding> {
    let (protocol, port) = listener.redirect.as_ref().filter(|_| listener.certain)?.from(listener)?;
    let balancer = known_balancer(root, listener)?;
    if protocol != Protocol::Https {
        return None;
    }
    let mut there = Vec::new();
    for other in &root.listeners {
        // One whose load balancer is not known may belong to this one.
        if other.load_balancer.as_ref()?.address != balancer.address || other.address == listener.address {
            continue;
        }
        if *other.port.known()? == port {
            there.push(other);
        }
    }
    let speaks_plainly = |other: &&Listener| other.certain && other.protocol.known() == Some(&Protocol::Http);
    if there.iter().any(|other| !speaks_plainly(other)) {
        return None;
    }
    Some(finding(root, listener, balancer, port, there.first().copied()))
}

/// The load balancer of a listener, where all its listeners are those of the root module.
fn known_balancer<'r>(root: &'r AwsRoot, listener: &Listener) -> Option<&'r LoadBalancer> {
    let address = &listener.load_balancer.as_ref()?.address;
    let balancer = root.load_balancers.iter().find(|balancer| balancer.address == *address)?;
    let terraform = root.terraform.as_ref()?;
    let is_shown = terraform.outputs.values().any(|output| shows_arn(output, address));
    (!is_shown && !terraform.is_passed_to_external_module(address)).then_some(balancer)
}

/// Whether an output is, or holds, the whole load balancer or its ARN.
fn shows_arn(output: &Value, address: &str) -> bool {
    match output.as_reference() {
        Some(reference) => {
            *reference.address == *address && matches!(&*reference.attribute, "" | "arn" | "id")
        }
        None => output.refers_to(address),
    }
}

fn finding(
    root: &AwsRoot,
    listener: &Listener,
    balancer: &LoadBalancer,
    port: i64,
    there: Option<&Listener>,
) -> Finding {
    let at = listener.redirect.as_ref().map_or(listener.at, |redirect| redirect.at);
    let found = match there {
        Some(other) => format!("but `{}` speaks HTTP on that port", other.name),
        None => format!("but `{}` has no listener on that port", balancer.name),
    };
    let message = format!(
        "`{}` redirects to HTTPS on port {port}, {found}: browsers that follow the redirect reach nothing",
        listener.name
    );
    let finding = Finding::new(
        message,
        Label::new(at, format!("this redirects clients to HTTPS on port {port}")),
    )
    .help(format!(
        "add a listener with `protocol = \"HTTPS\"` and a certificate on port {port}, or forward instead"
    ));
    if let Some(other) = there {
        return finding.related(Label::new(other.at, "this listener does not speak TLS"));
    }
    let left_out = root.left_out_listeners.iter();
    let named = left_out.fold(finding, |finding, at| {
        finding.related(Label::new(*at, "with the known values, this listener is not created"))
    });
    // Whoever applies it may give other values.
    if root.left_out_listeners.is_empty() { named } else { named.severity(Severity::Warning) }
}
