//! Target groups: where a load balancer sends requests, and how it asks whether a target lives.

use std::sync::Arc;

use policy_text::source::Span;

use super::Protocol;
use crate::model::setting::Setting;
use crate::model::word::words;

/// A target group.
#[derive(Clone, Debug)]
pub struct TargetGroup {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// What targets are spoken to in.
    pub protocol: Setting<Protocol>,
    /// [`TargetType::Instance`] where it is not set.
    pub target_type: Setting<TargetType>,
    /// Where targets come from.
    pub filled: Filled,
    /// The health check, where one is written.
    pub health_check: Option<HealthCheck>,
}

/// Where what registers with a target group is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// In the configuration, or it may be.
    Here,
    /// Not there, but a script or a tool may register targets.
    PerhapsElsewhere,
    /// Nowhere.
    Nowhere,
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
    /// What is spoken; [`Protocol::Http`] where it is not set and the group speaks that or HTTPS.
    pub protocol: Setting<Protocol>,
    /// The port; that of the target where it is not set.
    pub port: Setting<String>,
    /// The path that is asked for; [`HealthCheck::DEFAULT_PATH`] where it is not set.
    pub path: Setting<String>,
    /// The statuses of a target that lives: `200`, `200,302`, `200-299`; [`HealthCheck::DEFAULT_MATCHER`] where it is not set.
    pub matcher: Setting<String>,
}

impl HealthCheck {
    /// The path that is asked for where none is set.
    pub const DEFAULT_PATH: &str = "/";
    /// The statuses of a target that lives where none are set.
    pub const DEFAULT_MATCHER: &str = "200";
    /// The port that means that of the target.
    pub const TRAFFIC_PORT: &str = "traffic-port";
}

words! {
    /// What a target group registers.
    pub enum TargetType {
        /// Machines.
        Instance = "instance",
        /// Addresses.
        Ip = "ip",
        /// A function.
        Lambda = "lambda",
        /// A load balancer.
        Alb = "alb",
    }
}
