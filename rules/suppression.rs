//! Directives that allow findings, where they do not say why or do nothing.

mod malformed;
mod missing_reason;
mod unknown_rule;
mod unused;

use policy_core::Family;
use policy_core::rule::Rule;

pub(crate) const RULES: &[Rule] = &[
    Rule::of_directives(
        Family::Suppression,
        "malformed",
        include_str!("suppression/malformed.md"),
        malformed::check,
    ),
    Rule::of_directives(
        Family::Suppression,
        "missing-reason",
        include_str!("suppression/missing_reason.md"),
        missing_reason::check,
    ),
    Rule::of_directives(
        Family::Suppression,
        "unknown-rule",
        include_str!("suppression/unknown_rule.md"),
        unknown_rule::check,
    ),
    Rule::of_directives(Family::Suppression, "unused", include_str!("suppression/unused.md"), unused::check),
];
