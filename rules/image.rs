//! Images: what is built from, run and pushed under a name that does not stay the same.

use policy_core::rule::Rule;

mod latest;
mod latest_tag;

/// The rules of this family.
pub(crate) const RULES: &[Rule] =
    &[Rule::new("image/latest-tag", include_str!("image/latest_tag.md"), latest_tag::check)];
