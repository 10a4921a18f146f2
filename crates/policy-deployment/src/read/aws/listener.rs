//! Listeners, from Terraform.

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Resource, Root};

use super::action::{self, Done};
use super::setting;
use crate::model::load_balancer::{Action, Listener};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 2] = ["aws_lb_listener", "aws_alb_listener"];

/// The listeners of a root module and all modules that it calls, by address.
pub(super) fn listeners(root: &Root) -> Vec<Listener> {
    root.resources(&KINDS).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> Listener {
    let body = &resource.body;
    let default = Done::of_blocks(body, "default_action");
    Listener {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        port: setting::integer(body, "port"),
        protocol: setting::word(body, "protocol"),
        has_certificate: body.argument("certificate_arn").is_some_and(|certificate| {
            !certificate.is_literal || certificate.value.as_string().as_deref() != Some("")
        }),
        load_balancer: body.get("load_balancer_arn").and_then(Value::as_reference).cloned(),
        redirect: action::redirect(body, "default_action").filter(|_| default.action == Action::Redirects),
        default_action: default.action,
        default_targets: default.targets,
        idle_default_targets: default.idle_targets,
        certain: resource.certain,
    }
}
