//! Ingresses of Kubernetes: which requests they send where, and what they make of the paths.

use policy_core::Family;
use policy_core::rule::Rule;

mod rewrite_drops_path;
mod unserved_path;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Ingress,
        "rewrite-drops-path",
        include_str!("ingress/rewrite_drops_path.md"),
        rewrite_drops_path::check,
    ),
    Rule::new(
        Family::Ingress,
        "unserved-path",
        include_str!("ingress/unserved_path.md"),
        unserved_path::check,
    ),
];
