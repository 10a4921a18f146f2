//! Logs: what is lost, what is never deleted, and what stops a task.

use policy_core::Family;
use policy_core::rule::Rule;

mod no_log_driver;
mod no_retention;
mod unknown_group;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(Family::Logs, "no-log-driver", include_str!("logs/no_log_driver.md"), no_log_driver::check),
    Rule::new(Family::Logs, "no-retention", include_str!("logs/no_retention.md"), no_retention::check),
    Rule::new(Family::Logs, "unknown-group", include_str!("logs/unknown_group.md"), unknown_group::check),
];
