//! Target groups, from Terraform.

use policy_terraform::resolve::world::{Resource, Root};

use super::setting;
use crate::model::load_balancer::{HealthCheck, TargetGroup};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 2] = ["aws_lb_target_group", "aws_alb_target_group"];

/// The target groups of a root module and all modules that it calls, by address.
pub(super) fn target_groups(root: &Root) -> Vec<TargetGroup> {
    root.resources(&KINDS).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> TargetGroup {
    let body = &resource.body;
    let health_check = body.block("health_check").map(|check| HealthCheck {
        at: check.at,
        enabled: setting::truth(check, "enabled"),
        interval: setting::integer(check, "interval"),
        timeout: setting::integer(check, "timeout"),
        protocol: setting::word(check, "protocol"),
        port: setting::text(check, "port"),
        path: setting::text(check, "path"),
        matcher: setting::text(check, "matcher"),
    });
    TargetGroup {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        protocol: setting::word(body, "protocol"),
        target_type: setting::word(body, "target_type"),
        health_check,
    }
}
