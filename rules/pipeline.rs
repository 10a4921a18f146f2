//! Pipelines: deployments that fail, reach nothing, or end before it is known how they went.

use policy_core::Family;
use policy_core::rule::Rule;

mod no_stability_wait;
mod push_without_deploy;
mod ungated_deploy;
mod unknown_target;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Pipeline,
        "no-stability-wait",
        include_str!("pipeline/no_stability_wait.md"),
        no_stability_wait::check,
    ),
    Rule::new(
        Family::Pipeline,
        "push-without-deploy",
        include_str!("pipeline/push_without_deploy.md"),
        push_without_deploy::check,
    ),
    Rule::new(
        Family::Pipeline,
        "ungated-deploy",
        include_str!("pipeline/ungated_deploy.md"),
        ungated_deploy::check,
    ),
    Rule::new(
        Family::Pipeline,
        "unknown-target",
        include_str!("pipeline/unknown_target.md"),
        unknown_target::check,
    ),
];
