//! `websocket/localhost-url`: a socket to the machine of whoever opens the page.

use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;

use super::fault::{Fault, Faulty, faulty};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    faulty(context, |fault| fault == Fault::Localhost).iter().map(own_machine).collect()
}

fn own_machine(faulty: &Faulty<'_>) -> Finding {
    let message = format!("the socket to `{}` connects every visitor to their own machine", faulty.shown());
    let label = "this host is the machine that the browser runs on";
    faulty
        .explain(Finding::new(message, Label::new(faulty.provenance.at, label)))
        .help("take the host from `location.host`, or keep this address under `import.meta.env.DEV`")
}
