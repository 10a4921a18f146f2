//! ECS services: what runs a task definition, where, and how it is rolled out.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_text::source::Span;
use policy_text::value::{Provenance, Text};

use super::references::References;
use super::setting::Setting;
use super::task_definition::TaskDefinition;
use super::word::words;

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// Its own name, as far as it is known.
    pub called: Option<Text>,
    /// What its tags say.
    pub tags: Vec<String>,
    /// What it runs, where that is one task definition of the configuration.
    pub task_definition: Option<Arc<TaskDefinition>>,
    /// [`LaunchType::Ec2`] where neither it nor a capacity provider is set.
    pub launch_type: Setting<LaunchType>,
    /// What its capacity comes from.
    pub capacity: Capacity,
    /// How many tasks it runs: a number, or one on each machine. [`Scheduling::Replica`] where it is not set.
    pub scheduling: Setting<Scheduling>,
    /// Where its tasks stand in the network.
    pub network: Setting<NetworkConfiguration>,
    /// The target groups that it registers its containers with.
    pub targets: Vec<ServiceTarget>,
    /// How it is rolled out.
    pub rollout: Rollout,
    /// Where its lifecycle says that changes of the task definition are ignored.
    pub ignores_task_definition: Option<Span>,
    /// Whether other services may find it by a name: by service discovery or Service Connect.
    pub is_discovered: bool,
    /// Where its tasks register with service discovery.
    pub registry: Option<Span>,
    /// Whether anything but its containers' own health checks asks its tasks how they are, or may.
    pub is_asked: bool,
    /// Whether the service is created for certain.
    pub certain: bool,
}

impl Service {
    /// Whether it asks for Fargate, or what it runs does.
    pub fn is_on_fargate(&self) -> bool {
        self.launch_type.known() == Some(&LaunchType::Fargate)
            || self.task_definition.as_ref().is_some_and(|task| task.needs_fargate == Some(true))
    }
}

words! {
    /// Who runs the tasks of a service.
    pub enum LaunchType {
        /// Machines of a cluster.
        Ec2 = "EC2",
        /// AWS, without a machine that one sees.
        Fargate = "FARGATE",
        /// Machines outside AWS.
        External = "EXTERNAL",
    }
}

words! {
    /// How many tasks a service runs.
    pub enum Scheduling {
        /// A number of them.
        Replica = "REPLICA",
        /// One on each machine.
        Daemon = "DAEMON",
    }
}

/// The capacity provider strategy of a service.
#[derive(Clone, Debug, Default)]
pub struct Capacity {
    /// The providers that are certain to be named.
    pub providers: Vec<CapacityProvider>,
    /// Whether there may be more.
    pub more: bool,
}

/// A provider of capacity, with its part of the tasks.
#[derive(Clone, Debug)]
pub struct CapacityProvider {
    /// The head of the block.
    pub at: Span,
    /// Its name: `FARGATE_SPOT`.
    pub name: Setting<String>,
    /// Its part of the tasks, compared with that of others. None where it is not set.
    pub weight: Setting<i64>,
    /// How many tasks it runs before others run any. None where it is not set.
    pub base: Setting<i64>,
}

impl CapacityProvider {
    /// Whether it runs any task. `None` where that is not known.
    pub fn is_used(&self) -> Option<bool> {
        let number = |setting: &Setting<i64>| setting.or_default(&0, self.at).map(|(number, _)| *number);
        match (number(&self.weight), number(&self.base)) {
            (Some(weight), Some(base)) => Some(weight > 0 || base > 0),
            (Some(some), None) | (None, Some(some)) if some > 0 => Some(true),
            _ => None,
        }
    }
}

/// Where the tasks of a service stand in the network, where each has an address of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkConfiguration {
    /// The security groups that each task is in. Where none is named, it is in the default one of its network.
    pub security_groups: References,
    /// The subnets that tasks are put in.
    pub subnets: References,
    /// Whether each task gets a public address. It gets none where this is not set.
    pub public_ip: Setting<bool>,
}

/// A target group that a service registers a container with.
#[derive(Clone, Debug)]
pub struct ServiceTarget {
    /// The head of the `load_balancer` block.
    pub at: Span,
    /// The name of the container.
    pub container: Setting<String>,
    /// The port of the container.
    pub port: Setting<i64>,
    /// The target group, where it is a resource of the configuration.
    pub target_group: Option<Reference>,
}

/// Who replaces the tasks of a service, and what happens where the new ones do not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rollout {
    /// ECS itself, which goes back to the last version that worked.
    RollsBack,
    /// ECS itself, which keeps trying: nothing is set that would stop it.
    KeepsTrying,
    /// The same: a circuit breaker or alarms lack one of their two switches. The place is the block.
    NotSwitchedOn(Span),
    /// The same: one of their switches is off, from where it is decided.
    SwitchedOff(Provenance),
    /// Something else, or what the configuration does not tell.
    Other,
}
