//! A log group keeps its entries forever.

use policy_core::finding::{Finding, Label};
use policy_core::model::log_group::LogGroup;
use policy_core::model::setting::Setting;
use policy_core::rule::Context;

use crate::{cause, terraform_fix};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .each_root(|root| cause::merge(root.log_groups.iter().filter_map(|group| for_ever(context, group))))
}

fn for_ever(context: &Context<'_>, group: &LogGroup) -> Option<Finding> {
    let message =
        format!("`{}` keeps its log entries forever, and storage costs money every month", group.name);
    let finding = match &group.retention {
        Setting::Unset => {
            Finding::new(message, Label::new(group.at, "this log group has no `retention_in_days`"))
        }
        Setting::Known(0, from) => cause::finding(message, from, "0 means forever"),
        Setting::Known(..) | Setting::Unknown(..) => return None,
    };
    let fix = match &group.retention {
        Setting::Known(_, from) => terraform_fix::replace(context, from, "0", "30"),
        Setting::Unset | Setting::Unknown(..) => {
            let lines = ["retention_in_days = 30"];
            terraform_fix::insert(context, group.at, "delete entries after 30 days", &lines)
        }
    };
    let finding = fix.into_iter().fold(finding, Finding::fix);
    Some(finding.help("set `retention_in_days`, for example to 30"))
}
