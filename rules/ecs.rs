//! ECS: task definitions and services that AWS rejects or that do not recover by themselves.

use policy_core::Family;
use policy_core::rule::Rule;

mod conflicting_capacity;
mod frozen_task_definition;
mod invalid_fargate_size;
mod invalid_scaling_target;
mod missing_health_check_tool;
mod no_autoscaling;
mod no_health_check;
mod no_rollback;
mod no_route_to_registry;
mod overridden_hostname;
mod plaintext_secret;
mod port_mapping_mismatch;
mod production;
mod public_address;
mod public_ip;
mod rejected_task_definition;
mod spot_in_production;
mod target_type_mismatch;
mod unattached_target_group;
mod unchecked_service;
mod unknown_container;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Ecs,
        "conflicting-capacity",
        include_str!("ecs/conflicting_capacity.md"),
        conflicting_capacity::check,
    ),
    Rule::new(
        Family::Ecs,
        "frozen-task-definition",
        include_str!("ecs/frozen_task_definition.md"),
        frozen_task_definition::check,
    ),
    Rule::new(
        Family::Ecs,
        "invalid-fargate-size",
        include_str!("ecs/invalid_fargate_size.md"),
        invalid_fargate_size::check,
    ),
    Rule::new(
        Family::Ecs,
        "invalid-scaling-target",
        include_str!("ecs/invalid_scaling_target.md"),
        invalid_scaling_target::check,
    ),
    Rule::new(
        Family::Ecs,
        "missing-health-check-tool",
        include_str!("ecs/missing_health_check_tool.md"),
        missing_health_check_tool::check,
    ),
    Rule::new(Family::Ecs, "no-autoscaling", include_str!("ecs/no_autoscaling.md"), no_autoscaling::check),
    Rule::new(Family::Ecs, "no-health-check", include_str!("ecs/no_health_check.md"), no_health_check::check),
    Rule::new(Family::Ecs, "no-rollback", include_str!("ecs/no_rollback.md"), no_rollback::check),
    Rule::new(
        Family::Ecs,
        "no-route-to-registry",
        include_str!("ecs/no_route_to_registry.md"),
        no_route_to_registry::check,
    ),
    Rule::new(
        Family::Ecs,
        "overridden-hostname",
        include_str!("ecs/overridden_hostname.md"),
        overridden_hostname::check,
    ),
    Rule::new(
        Family::Ecs,
        "plaintext-secret",
        include_str!("ecs/plaintext_secret.md"),
        plaintext_secret::check,
    ),
    Rule::new(
        Family::Ecs,
        "port-mapping-mismatch",
        include_str!("ecs/port_mapping_mismatch.md"),
        port_mapping_mismatch::check,
    ),
    Rule::new(Family::Ecs, "public-address", include_str!("ecs/public_address.md"), public_address::check),
    Rule::new(Family::Ecs, "public-ip", include_str!("ecs/public_ip.md"), public_ip::check),
    Rule::new(
        Family::Ecs,
        "rejected-task-definition",
        include_str!("ecs/rejected_task_definition.md"),
        rejected_task_definition::check,
    ),
    Rule::new(
        Family::Ecs,
        "spot-in-production",
        include_str!("ecs/spot_in_production.md"),
        spot_in_production::check,
    ),
    Rule::new(
        Family::Ecs,
        "target-type-mismatch",
        include_str!("ecs/target_type_mismatch.md"),
        target_type_mismatch::check,
    ),
    Rule::new(
        Family::Ecs,
        "unattached-target-group",
        include_str!("ecs/unattached_target_group.md"),
        unattached_target_group::check,
    ),
    Rule::new(
        Family::Ecs,
        "unchecked-service",
        include_str!("ecs/unchecked_service.md"),
        unchecked_service::check,
    ),
    Rule::new(
        Family::Ecs,
        "unknown-container",
        include_str!("ecs/unknown_container.md"),
        unknown_container::check,
    ),
];
