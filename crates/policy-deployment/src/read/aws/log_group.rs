//! Log groups, from Terraform.

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::Root;

use super::setting;
use crate::model::log_group::LogGroup;

/// The types of resources that are read.
pub(super) const KINDS: [&str; 1] = ["aws_cloudwatch_log_group"];

/// The log groups of a root module and all modules that it calls, by address. Those of the class `DELIVERY` are left out:
/// AWS decides how long they keep their entries.
pub(super) fn log_groups(root: &Root) -> Vec<LogGroup> {
    let resources = root.resources(&KINDS).filter(|resource| {
        let class = setting::text(&resource.body, "log_group_class");
        !class.is_set() || class.known().is_some_and(|class| class != "DELIVERY")
    });
    resources
        .map(|resource| LogGroup {
            name: format!("{}.{}", resource.kind, resource.name).into(),
            log_name: resource.body.get("name").and_then(Value::to_text),
            at: resource.at,
            retention: setting::integer(&resource.body, "retention_in_days"),
        })
        .collect()
}
