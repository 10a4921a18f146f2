//! `websocket/hardcoded-port`: a constant port behind a load balancer that does not open it.

use policy_core::finding::{Finding, Label};
use policy_core::model::endpoint::Host;
use policy_core::rule::Context;

use super::fault::{Fault, Faulty, faulty};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    faulty(context, |fault| matches!(fault, Fault::Port(_))).iter().filter_map(closed_port).collect()
}

fn closed_port(faulty: &Faulty<'_>) -> Option<Finding> {
    let Fault::Port(port) = faulty.fault else { return None };
    let message =
        format!("the socket to `{}` needs port {port}, which a load balancer does not open", faulty.url);
    let label = match &faulty.host {
        Host::Page => {
            format!("port {port} is written here, while the page itself comes from the load balancer's port")
        }
        _ => format!("port {port} is written here"),
    };
    let help = match &faulty.host {
        Host::Page => {
            "use `location.host`, which has the page's own port, and route the path at the load balancer"
        }
        _ => "leave the port out, or take the whole address from the environment of the build",
    };
    Some(faulty.explain(Finding::new(message, Label::new(faulty.provenance.at, label))).help(help))
}
