//! Files that could not be read or understood: what a check did not see must be said.

mod unreadable;

use policy_core::Family;
use policy_core::rule::Rule;

pub(crate) const RULES: &[Rule] =
    &[Rule::new(Family::Input, "unreadable", include_str!("input/unreadable.md"), unreadable::check)];
