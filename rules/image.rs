//! Images: what is built from, run and pushed under a name that does not stay the same.

use policy_core::Family;
use policy_core::rule::Rule;

mod floating_tag;
mod latest;
mod latest_base;
mod latest_tag;
mod moving_tags;
mod mutable_repository;
mod no_lifecycle_policy;
mod platform_mismatch;
mod push_latest;
mod push_to_immutable_repository;
mod stack;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(Family::Image, "floating-tag", include_str!("image/floating_tag.md"), floating_tag::check),
    Rule::new(Family::Image, "latest-base", include_str!("image/latest_base.md"), latest_base::check),
    Rule::new(Family::Image, "latest-tag", include_str!("image/latest_tag.md"), latest_tag::check),
    Rule::new(
        Family::Image,
        "mutable-repository",
        include_str!("image/mutable_repository.md"),
        mutable_repository::check,
    ),
    Rule::new(
        Family::Image,
        "no-lifecycle-policy",
        include_str!("image/no_lifecycle_policy.md"),
        no_lifecycle_policy::check,
    ),
    Rule::new(
        Family::Image,
        "platform-mismatch",
        include_str!("image/platform_mismatch.md"),
        platform_mismatch::check,
    ),
    Rule::new(Family::Image, "push-latest", include_str!("image/push_latest.md"), push_latest::check),
    Rule::new(
        Family::Image,
        "push-to-immutable-repository",
        include_str!("image/push_to_immutable_repository.md"),
        push_to_immutable_repository::check,
    ),
];
