//! Task definitions: the containers that ECS runs together, however their definitions are written.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::{Provenance, Text};

use super::image_link::ImageLink;
use super::nginx_image::Configured;
use super::probe::Probe;
use super::server::Server;
use super::setting::Setting;
use super::word::words;

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
    /// [`NetworkMode::Bridge`] where it is not set.
    pub network_mode: Setting<NetworkMode>,
    /// Whether Fargate must be able to run it. `None` where that is not known.
    pub needs_fargate: Option<bool>,
    /// The architecture that it runs on. [`Architecture::X86`] where it is not set, on Fargate.
    pub architecture: Setting<Architecture>,
    /// CPU units for the whole task: `256`, or `0.25 vCPU`.
    pub cpu: Setting<String>,
    /// Memory for the whole task: MiB, or `1 GB`.
    pub memory: Setting<String>,
    /// The CPU units and the memory that it may have, where a condition decides between values that are all known.
    pub choices: SizeChoices,
    /// The role by which ECS fetches images, reads secrets and writes logs.
    pub execution_role: Setting<String>,
}

/// The sizes that a task may have, each value with what decides it. Empty where they are not all known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SizeChoices {
    /// CPU units for the whole task.
    pub cpu: Vec<(String, Provenance)>,
    /// Memory for the whole task.
    pub memory: Vec<(String, Provenance)>,
}

impl TaskDefinition {
    /// Whether its tasks have a network of their own, in which nothing gives containers names.
    pub fn has_own_network(&self) -> bool {
        self.network_mode.known() == Some(&NetworkMode::AwsVpc)
            || !self.network_mode.is_set() && self.needs_fargate == Some(true)
    }
}

/// A container.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its name.
    pub name: Setting<String>,
    /// Its name as far as it is known: `shop-${var.environment}-api`.
    pub called: Option<Text>,
    /// What messages call it: its name, with what decides each unknown part.
    pub shown_name: String,
    /// Where it is written.
    pub at: Span,
    /// What it may run: more than one image where a condition is not known.
    pub images: Vec<(Text, Span)>,
    /// Which image that is. Linking tells, as it does of what follows.
    pub image: ImageLink,
    /// What listens in it, where an image that is built here tells.
    pub server: Option<Server>,
    /// How its nginx is configured, or why that is not known. `None` where it runs no nginx that is built here.
    pub nginx: Option<Result<Configured, &'static str>>,
    /// Whether the task ends with it; so it does where nothing is set.
    pub essential: Setting<bool>,
    /// The CPU units of it.
    pub cpu: Setting<i64>,
    /// The MiB of memory at which it is stopped.
    pub memory: Setting<i64>,
    /// The MiB of memory that are kept for it.
    pub memory_reservation: Setting<i64>,
    /// The user that it runs as, whatever the image says.
    pub user: Setting<String>,
    /// The ports it opens.
    pub ports: Vec<PortMapping>,
    /// Whether it may open more.
    pub more_ports: bool,
    /// The command that tells how it is.
    pub health_check: Setting<HealthCheck>,
    /// What is started in the place of the image's entry point.
    pub entry_point: Setting<Words>,
    /// What is started, or given to the entry point, in the place of the image's command.
    pub command: Setting<Words>,
    /// The variables that it is given.
    pub environment: Environment,
    /// Whether it sets parameters of its kernel, or may: from which port on anyone may listen is one.
    pub may_set_kernel: bool,
    /// Where its output goes.
    pub log: Setting<LogConfiguration>,
}

/// Where the output of a container goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfiguration {
    /// What takes it: `awslogs`.
    pub driver: Setting<String>,
    /// The log group of `awslogs`, with the place of its name.
    pub group: Option<(Text, Span)>,
    /// Whether the driver makes the group where it is missing, or may.
    pub may_make_group: bool,
}

/// The words of a command, each with its place.
pub type Words = Vec<(Text, Span)>;

/// A command that ECS runs in a container to tell how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthCheck {
    /// The command.
    pub probe: Probe,
    /// Seconds between two of them.
    pub interval: Setting<i64>,
    /// Seconds after which one has failed.
    pub timeout: Setting<i64>,
    /// How many must fail.
    pub retries: Setting<i64>,
    /// Seconds in which failures do not count.
    pub start_period: Setting<i64>,
}

/// The variables of a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Those that are certain to be set, in their order.
    pub variables: Vec<Variable>,
    /// Whether there may be more: from files, or from what is not known.
    pub more: bool,
}

/// A variable of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value. `None` where it is a secret that is kept elsewhere.
    pub value: Option<Text>,
    /// Where it is named.
    pub name_at: Span,
    /// Where its value is written.
    pub at: Span,
}

impl Environment {
    /// The variable called `name`; the last one counts.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rev().find(|variable| variable.name == name)
    }
}

/// A port that a container opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortMapping {
    /// The port inside the container.
    pub container: Setting<i64>,
    /// The port of the host.
    pub host: Setting<i64>,
}

words! {
    /// How the containers of a task are reached.
    pub enum NetworkMode {
        /// Through ports of the host, by a virtual network of its own.
        Bridge = "bridge",
        /// At an address of the task.
        AwsVpc = "awsvpc",
        /// At ports of the host.
        Host = "host",
        /// Not at all.
        None = "none",
    }
}

words! {
    /// The processors that a task runs on.
    pub enum Architecture {
        /// Those of Intel and AMD, with 64 bits.
        X86 = "X86_64",
        /// Those of ARM, with 64 bits.
        Arm = "ARM64",
    }
}

impl Architecture {
    /// What Docker calls it in a platform: `amd64`.
    pub fn in_platform(&self) -> Option<&'static str> {
        match self {
            Self::X86 => Some("amd64"),
            Self::Arm => Some("arm64"),
            Self::Other(_) => None,
        }
    }
}
