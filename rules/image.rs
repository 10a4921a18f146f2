//! Images: what is built from, run and pushed under a name that does not stay the same.

use policy_core::rule::Rule;

mod latest;
mod latest_base;
mod latest_tag;
mod push_latest;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new("image/latest-base", include_str!("image/latest_base.md"), latest_base::check),
    Rule::new("image/latest-tag", include_str!("image/latest_tag.md"), latest_tag::check),
    Rule::new("image/push-latest", include_str!("image/push_latest.md"), push_latest::check),
];
