//! A log group keeps its entries forever.

use policy_core::finding::{Finding, Label};
use policy_core::model::log_group::LogGroup;
use policy_core::model::setting::Setting;
use policy_core::rule::Context;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| cause::merge(root.log_groups.iter().filter_map(for_ever)))
}

fn for_ever(group: &LogGroup) -> Option<Finding> {
    let message =
        format!("`{}` keeps its log entries forever, and storage costs money every month", group.name);
    let finding = match &group.retention {
        Setting::Unset => {
            Finding::new(message, Label::new(group.at, "this log group has no `retention_in_days`"))
        }
        Setting::Known(0, from) => cause::finding(message, from, "0 means forever"),
        Setting::Known(..) | Setting::Unknown(..) => return None,
    };
    Some(finding.help("set `retention_in_days`, for example to 30"))
}
