//! A page that is served over HTTP although the load balancer speaks HTTPS.

use policy_core::finding::{Finding, Label};
use policy_core::model::distribution::ContentOrigin;
use policy_core::model::load_balancer::{Action, Listener, ListenerIdentity, Protocol};
use policy_core::model::program::{Answers, Program, Registration, Serves};
use policy_core::model::routing::{Entrance, Table};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| in_root(root, context.deployment))
}

fn in_root(root: &AwsRoot, deployment: &Deployment) -> Vec<Finding> {
    // Where a distribution has the page, the load balancer is asked by code, with the whole address.
    if root.distributions.iter().any(|distribution| distribution.has_root_page) {
        return Vec::new();
    }
    let plain = root.listeners.iter().filter(|listener| {
        listener.certain
            && listener.protocol.known() == Some(&Protocol::Http)
            && listener.port.known() == Some(&80)
            && listener.default_action == Action::Forwards
    });
    // A distribution in front of something else may have the page.
    let needs_proof = !root.distributions.is_empty();
    let plain = plain.filter(|plain| match behind(root, plain, deployment) {
        Behind::Code => false,
        Behind::Page => true,
        Behind::Unknown => !needs_proof,
    });
    plain.filter_map(|plain| Some(unsafe_page(plain, secure_beside(root, plain)?))).collect()
}

/// What stands behind a listener.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Something that has a page, or answers at the root.
    Page,
    /// Nothing but what answers code.
    Code,
    Unknown,
}

fn behind(root: &AwsRoot, listener: &Listener, deployment: &Deployment) -> Behind {
    let is_own = |table: &&Table| matches!(&table.entrance, Entrance::Listener { address, .. } if *address == listener.address);
    let Some(table) = root.tables.iter().find(is_own).filter(|table| table.open.is_none()) else {
        return Behind::Unknown;
    };
    let mut all = Vec::new();
    for destination in table.destinations() {
        let targets = destination.targets();
        for target in targets {
            let programs = root.backends.iter().filter(|backend| backend.target == *target);
            let programs =
                programs.map(|backend| backend.program.as_ref().ok().and_then(|id| deployment.program(*id)));
            let before = all.len();
            all.extend(programs.map(|program| program.map_or(Behind::Unknown, answers)));
            if all.len() == before {
                all.push(Behind::Unknown);
            }
        }
        if targets.is_empty() {
            all.push(Behind::Unknown);
        }
    }
    if all.contains(&Behind::Page) {
        Behind::Page
    } else if all.iter().all(|one| *one == Behind::Code) {
        Behind::Code
    } else {
        Behind::Unknown
    }
}

fn answers(program: &Program) -> Behind {
    match &program.serves {
        Serves::Registered(served) => {
            let is_page =
                |own: &Registration| own.answers == Answers::Page || own.path.as_literal() == Some("/");
            if served.registrations.iter().any(is_page) {
                Behind::Page
            } else if served.unknown.is_empty() {
                Behind::Code
            } else {
                Behind::Unknown
            }
        }
        Serves::Nginx(..) | Serves::Unknown(_) => Behind::Unknown,
    }
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
