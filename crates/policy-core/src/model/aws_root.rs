//! Root modules of Terraform in every environment, and what AWS would make of each: read once, linked, for every rule.

use std::sync::Arc;

use rayon::prelude::*;

use super::load_balancer::{
    self, Listener, ListenerRule, Opening, TargetGroup, listener_rules, listeners, target_groups,
};
use super::log_group::{LogGroup, log_groups};
use super::repository::{Repository, repositories};
use super::service::{Service, services};
use super::task_definition::{TaskDefinition, task_definitions};
use crate::resolve::terraform::value::Reference;
use crate::resolve::terraform::world::Root;

/// A root module in one environment, together with all modules that it calls. Every list is in the order of addresses.
#[derive(Debug)]
pub struct AwsRoot {
    /// What Terraform would create.
    pub terraform: Root,
    /// The listeners.
    pub listeners: Vec<Listener>,
    /// The listener rules; after those that are resources, those that well-known modules make of their inputs.
    pub listener_rules: Vec<ListenerRule>,
    /// The ports on which load balancers take connections: those of listeners, then those of well-known modules.
    pub openings: Vec<Opening>,
    /// The target groups.
    pub target_groups: Vec<TargetGroup>,
    /// The task definitions.
    pub task_definitions: Vec<Arc<TaskDefinition>>,
    /// The services.
    pub services: Vec<Service>,
    /// The repositories of images.
    pub repositories: Vec<Repository>,
    /// The log groups.
    pub log_groups: Vec<LogGroup>,
}

/// Reads every root module.
pub(super) fn read(roots: Vec<Root>) -> Vec<AwsRoot> {
    roots.into_par_iter().map(AwsRoot::of).collect()
}

impl AwsRoot {
    fn of(terraform: Root) -> Self {
        let listeners = listeners(&terraform);
        let listener_rules = listener_rules(&terraform);
        let task_definitions = task_definitions(&terraform);
        Self {
            openings: load_balancer::openings(&terraform, &listeners, &listener_rules),
            services: services(&terraform, &task_definitions),
            target_groups: target_groups(&terraform),
            repositories: repositories(&terraform),
            log_groups: log_groups(&terraform),
            listeners,
            listener_rules,
            task_definitions,
            terraform,
        }
    }

    /// The target group that `reference` means, where it is one of the configuration.
    pub fn target_group(&self, reference: &Reference) -> Option<&TargetGroup> {
        let index = self.target_groups.partition_point(|group| group.address < reference.address);
        self.target_groups.get(index).filter(|group| group.address == reference.address)
    }
}
