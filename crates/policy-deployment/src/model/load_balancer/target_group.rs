//! Target groups: where a load balancer sends requests, and how it asks whether a target lives.

use std::fmt;
use std::sync::Arc;

use policy_text::source::Span;

use super::Protocol;
use crate::model::setting::Setting;

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

/// What a target group registers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetType {
    /// Machines.
    Instance,
    /// Addresses.
    Ip,
    /// A function.
    Lambda,
    /// A load balancer.
    Alb,
    /// What AWS does not know, as it is written.
    Other(String),
}

impl TargetType {
    fn name(&self) -> &str {
        match self {
            Self::Instance => "instance",
            Self::Ip => "ip",
            Self::Lambda => "lambda",
            Self::Alb => "alb",
            Self::Other(written) => written,
        }
    }
}

impl From<String> for TargetType {
    fn from(written: String) -> Self {
        let known = [Self::Instance, Self::Ip, Self::Lambda, Self::Alb];
        known.into_iter().find(|known| known.name() == written).unwrap_or(Self::Other(written))
    }
}

impl fmt::Display for TargetType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
