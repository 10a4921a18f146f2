//! Autoscaling targets from Terraform: `aws_appautoscaling_target`.

use policy_terraform::resolve::world::Root;

use super::setting;
use crate::model::scaling_target::ScalingTarget;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_appautoscaling_target"];

/// The targets of a root module and all modules that it calls, by address.
pub(super) fn scaling_targets(root: &Root) -> Vec<ScalingTarget> {
    let targets = root.resources(&KINDS).map(|resource| {
        let body = &resource.body;
        ScalingTarget {
            name: format!("{}.{}", resource.kind, resource.name).into(),
            namespace: setting::text(body, "service_namespace"),
            resource: body.get("resource_id").and_then(|value| Some((value.to_text()?, value.at()))),
            dimension: setting::text(body, "scalable_dimension"),
        }
    });
    targets.collect()
}
