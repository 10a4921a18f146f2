//! Target groups: where a load balancer sends requests, and how it asks whether a target lives.

use std::sync::Arc;

use crate::model::setting::{self, Setting};
use crate::resolve::terraform::world::{Resource, Root};
use crate::source::Span;

/// A target group.
#[derive(Clone, Debug)]
pub struct TargetGroup {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// `HTTP`, `HTTPS`, `TCP`, …
    pub protocol: Setting<String>,
    /// `instance` where it is not set, `ip`, `lambda` or `alb`.
    pub target_type: Setting<String>,
    /// The health check, where one is written.
    pub health_check: Option<HealthCheck>,
}

/// How a target group asks whether a target lives. Durations are in seconds.
#[derive(Clone, Debug)]
pub struct HealthCheck {
    /// The head of the block.
    pub at: Span,
    /// Whether it is asked at all.
    pub enabled: Setting<bool>,
    /// The time from one question to the next.
    pub interval: Setting<i64>,
    /// How long an answer may take.
    pub timeout: Setting<i64>,
}

/// The target groups of a root module and all modules that it calls, by address.
pub(in crate::model) fn target_groups(root: &Root) -> Vec<TargetGroup> {
    root.resources(&["aws_lb_target_group", "aws_alb_target_group"]).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> TargetGroup {
    let body = &resource.body;
    let health_check = body.block("health_check").map(|check| HealthCheck {
        at: check.at,
        enabled: setting::truth(check, "enabled"),
        interval: setting::integer(check, "interval"),
        timeout: setting::integer(check, "timeout"),
    });
    TargetGroup {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        protocol: setting::text(body, "protocol"),
        target_type: setting::text(body, "target_type"),
        health_check,
    }
}
