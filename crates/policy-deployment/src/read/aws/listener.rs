//! Listeners, from Terraform.

use policy_terraform::resolve::value::{Reference, Value};
use policy_terraform::resolve::world::{Block, Resource, Root};

use super::setting;
use crate::model::load_balancer::Listener;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 2] = ["aws_lb_listener", "aws_alb_listener"];

/// The listeners of a root module and all modules that it calls, by address.
pub(super) fn listeners(root: &Root) -> Vec<Listener> {
    root.resources(&KINDS).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> Listener {
    let body = &resource.body;
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
        default_targets: body.blocks("default_action").flat_map(targets).collect(),
        certain: resource.certain,
    }
}

/// The target groups that an action forwards to.
pub(super) fn targets(action: &Block) -> Vec<Reference> {
    let direct = action.get("target_group_arn").into_iter();
    let weighted = action.blocks("forward").flat_map(|forward| forward.blocks("target_group"));
    let weighted = weighted.filter_map(|group| group.get("arn"));
    direct.chain(weighted).filter_map(Value::as_reference).cloned().collect()
}
