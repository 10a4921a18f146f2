//! An HTTPS listener has no certificate.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{Listener, Protocol};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.listeners.iter().filter_map(without).collect())
}

fn without(listener: &Listener) -> Option<Finding> {
    let (protocol, from) = listener.protocol.found()?;
    if listener.has_certificate || !listener.certain || !matches!(protocol, Protocol::Https | Protocol::Tls) {
        return None;
    }
    let message =
        format!("`{}` uses {protocol} without a certificate: AWS refuses to create it", listener.name);
    let finding = Finding::new(message, Label::new(listener.at, "this listener has no `certificate_arn`"))
        .related(Label::new(from.at, "this protocol needs a certificate"));
    Some(
        finding.help(
            "set `certificate_arn`; `aws_lb_listener_certificate` only adds certificates to a listener that has one",
        ),
    )
}
