//! Task definitions: the containers that ECS runs together, however their definitions are written.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;

use super::setting::Setting;

/// A task definition.
#[derive(Clone, Debug)]
pub struct TaskDefinition {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// The family.
    pub family: Setting<String>,
    /// The containers that are certain to be there.
    pub containers: Vec<Container>,
    /// Whether there may be more containers.
    pub more_containers: bool,
    /// `bridge` where it is not set, `awsvpc`, `host` or `none`.
    pub network_mode: Setting<String>,
    /// Whether Fargate must be able to run it. `None` where that is not known.
    pub needs_fargate: Option<bool>,
    /// CPU units for the whole task: `256`, or `0.25 vCPU`.
    pub cpu: Setting<String>,
    /// Memory for the whole task: MiB, or `1 GB`.
    pub memory: Setting<String>,
}

/// A container.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its name.
    pub name: Setting<String>,
    /// Where it is written.
    pub at: Span,
    /// What it may run: more than one image where a condition is not known.
    pub images: Vec<(Text, Span)>,
    /// The user that it runs as, whatever the image says.
    pub user: Setting<String>,
    /// The ports it opens.
    pub ports: Vec<PortMapping>,
    /// Whether it may open more.
    pub more_ports: bool,
}

/// A port that a container opens.
#[derive(Clone, Debug, PartialEq)]
pub struct PortMapping {
    /// The port inside the container.
    pub container: Setting<i64>,
    /// The port of the host.
    pub host: Setting<i64>,
}
