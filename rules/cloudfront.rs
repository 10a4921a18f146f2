//! Distributions of CloudFront: which requests they send where, and what they make of the answers.

use policy_core::Family;
use policy_core::rule::Rule;

mod error_page_hides_api;
mod unrouted_endpoint;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Cloudfront,
        "error-page-hides-api",
        include_str!("cloudfront/error_page_hides_api.md"),
        error_page_hides_api::check,
    ),
    Rule::new(
        Family::Cloudfront,
        "unrouted-endpoint",
        include_str!("cloudfront/unrouted_endpoint.md"),
        unrouted_endpoint::check,
    ),
];
