//! Files that could not be read or understood, or not whole: what a check did not see must be said.

mod too_costly;
mod unreadable;

use policy_core::Family;
use policy_core::rule::Rule;

pub(crate) const RULES: &[Rule] = &[
    Rule::new(Family::Input, "too-costly", include_str!("input/too_costly.md"), too_costly::check),
    Rule::new(Family::Input, "unreadable", include_str!("input/unreadable.md"), unreadable::check),
];
