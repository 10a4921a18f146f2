//! A log group keeps its entries for ever.

use policy_core::finding::{Finding, Label};
use policy_core::model::log_group::{LogGroup, log_groups};
use policy_core::resolve::Resolved;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.terraform.each_root(|root| log_groups(root).iter().filter_map(for_ever).collect())
}

fn for_ever(group: &LogGroup) -> Option<Finding> {
    let label = match &group.retention {
        None => Label::new(group.at, "no `retention_in_days`"),
        Some(Resolved::Known(0, from)) => Label::new(from.at, "0 means for ever"),
        Some(_) => return None,
    };
    let message =
        format!("`{}` keeps its log entries for ever, and they are paid for by the month", group.name);
    Some(Finding::new(message, label).help("set `retention_in_days`, to 30 for instance"))
}
