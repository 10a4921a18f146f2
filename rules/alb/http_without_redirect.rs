//! A page that is served over HTTP although the load balancer speaks HTTPS.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::distribution::ContentOrigin;
use policy_core::model::load_balancer::{Action, Listener, ListenerIdentity, Protocol};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let plain = root.listeners.iter().filter(|listener| {
        listener.certain
            && listener.protocol.known() == Some(&Protocol::Http)
            && listener.port.known() == Some(&80)
            && listener.default_action == Action::Forwards
    });
    plain.filter_map(|plain| Some(unsafe_page(plain, secure_beside(root, plain)?))).collect()
}

/// The HTTPS listener of the same public load balancer, where browsers come to it and nothing sends them there.
fn secure_beside<'r>(root: &'r AwsRoot, plain: &Listener) -> Option<&'r Listener> {
    let balancer = plain.load_balancer.as_ref()?;
    let is_public = root
        .load_balancers
        .iter()
        .any(|known| known.address == balancer.address && known.is_public_application() == Some(true));
    if !is_public || is_behind_another_server(root, &balancer.address) || may_redirect(root, plain) {
        return None;
    }
    root.listeners.iter().find(|listener| {
        let same = listener.load_balancer.as_ref().is_some_and(|other| other.address == balancer.address);
        same && listener.certain && listener.protocol.known() == Some(&Protocol::Https)
    })
}

/// Whether a distribution asks the load balancer, or may: then browsers speak with the distribution.
fn is_behind_another_server(root: &AwsRoot, balancer: &str) -> bool {
    root.distributions.iter().flat_map(|distribution| &distribution.origins).any(|origin| match origin {
        ContentOrigin::Resource(reference) => *reference.address == *balancer,
        ContentOrigin::Named(_) => false,
        ContentOrigin::Unknown => true,
    })
}

/// Whether a rule of the listener redirects some requests, or may.
fn may_redirect(root: &AwsRoot, listener: &Listener) -> bool {
    let itself = ListenerIdentity::Resource(listener.address.clone());
    root.listener_rules.iter().any(|rule| {
        let is_of_it = rule.listener.as_ref().is_none_or(|of| *of == itself);
        is_of_it && matches!(rule.action, Action::Redirects | Action::Unknown)
    })
}

fn unsafe_page(plain: &Listener, secure: &Listener) -> Finding {
    let message = format!(
        "`{}` serves the page over HTTP, although `{}` serves HTTPS: visitors who do not type `https://` stay on HTTP",
        plain.name, secure.name
    );
    Finding::new(message, Label::new(plain.at, "port 80 forwards instead of redirecting"))
        .related(Label::new(secure.at, "the same load balancer serves HTTPS here"))
        .help(
            "make the default action `type = \"redirect\"` with `redirect { port = \"443\", protocol = \"HTTPS\", \
             status_code = \"HTTP_301\" }`",
        )
}
