//! Application load balancers: what AWS answers only when the configuration is applied.

use policy_core::Family;
use policy_core::rule::Rule;

mod duplicate_priority;
mod empty_target_group;
mod health_check_timing;
mod http_without_redirect;
mod invalid_path_pattern;
mod listener_without_certificate;
mod module_calls;
mod redirect_to_closed_port;
mod repeated_condition;
mod shadowed_rule;
mod too_many_condition_values;
mod too_many_wildcards;
mod unrouted_endpoint;
mod unserved_pattern;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Alb,
        "duplicate-priority",
        include_str!("alb/duplicate_priority.md"),
        duplicate_priority::check,
    ),
    Rule::new(
        Family::Alb,
        "empty-target-group",
        include_str!("alb/empty_target_group.md"),
        empty_target_group::check,
    ),
    Rule::new(
        Family::Alb,
        "health-check-timing",
        include_str!("alb/health_check_timing.md"),
        health_check_timing::check,
    ),
    Rule::new(
        Family::Alb,
        "http-without-redirect",
        include_str!("alb/http_without_redirect.md"),
        http_without_redirect::check,
    ),
    Rule::new(
        Family::Alb,
        "invalid-path-pattern",
        include_str!("alb/invalid_path_pattern.md"),
        invalid_path_pattern::check,
    ),
    Rule::new(
        Family::Alb,
        "listener-without-certificate",
        include_str!("alb/listener_without_certificate.md"),
        listener_without_certificate::check,
    ),
    Rule::new(
        Family::Alb,
        "redirect-to-closed-port",
        include_str!("alb/redirect_to_closed_port.md"),
        redirect_to_closed_port::check,
    ),
    Rule::new(
        Family::Alb,
        "repeated-condition",
        include_str!("alb/repeated_condition.md"),
        repeated_condition::check,
    ),
    Rule::new(Family::Alb, "shadowed-rule", include_str!("alb/shadowed_rule.md"), shadowed_rule::check),
    Rule::new(
        Family::Alb,
        "too-many-condition-values",
        include_str!("alb/too_many_condition_values.md"),
        too_many_condition_values::check,
    ),
    Rule::new(
        Family::Alb,
        "too-many-wildcards",
        include_str!("alb/too_many_wildcards.md"),
        too_many_wildcards::check,
    ),
    Rule::new(
        Family::Alb,
        "unrouted-endpoint",
        include_str!("alb/unrouted_endpoint.md"),
        unrouted_endpoint::check,
    ),
    Rule::new(
        Family::Alb,
        "unserved-pattern",
        include_str!("alb/unserved_pattern.md"),
        unserved_pattern::check,
    ),
];
