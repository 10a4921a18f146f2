//! Load balancers, from Terraform.

use policy_terraform::resolve::world::{Resource, Root};

use super::setting;
use crate::model::load_balancer::LoadBalancer;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 2] = ["aws_lb", "aws_alb"];

/// The load balancers of a root module and all modules that it calls, by address.
pub(super) fn load_balancers(root: &Root) -> Vec<LoadBalancer> {
    root.resources(&KINDS).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> LoadBalancer {
    LoadBalancer {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        kind: setting::word(&resource.body, "load_balancer_type"),
        internal: setting::truth(&resource.body, "internal"),
        security_groups: resource.body.get("security_groups").map(setting::references).unwrap_or_default(),
    }
}
