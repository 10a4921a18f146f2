//! Logs: what is written and never deleted.

use policy_core::Family;
use policy_core::rule::Rule;

mod no_retention;

/// The rules of this family.
pub(crate) const RULES: &[Rule] =
    &[Rule::new(Family::Logs, "no-retention", include_str!("logs/no_retention.md"), no_retention::check)];
