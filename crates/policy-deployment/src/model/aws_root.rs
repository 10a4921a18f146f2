//! What one tool creates in AWS together, whoever wrote it: a root module of Terraform in one environment, a task definition
//! in a file.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_terraform::resolve::world::Root;
use policy_text::source::{FileId, RepoPath, Span};

use super::distribution::Distribution;
use super::function::Function;
use super::load_balancer::{Listener, ListenerRule, LoadBalancer, Machines, Opening, TargetGroup};
use super::log_group::LogGroup;
use super::private_names::PrivateNames;
use super::program::Backend;
use super::repository::Repository;
use super::route::Routes;
use super::routing::{EntranceName, Table};
use super::scaling_target::ScalingTarget;
use super::security_group::SecurityGroups;
use super::service::{Service, ServiceTarget};
use super::task_definition::{Architecture, TaskDefinition};
use super::told_request::ToldRequest;

/// What is created together. Of Terraform, a root module in one environment with all modules that it calls. Every list is in
/// the order of addresses.
#[derive(Debug, Default)]
pub struct AwsRoot {
    /// The folder that it is written in.
    pub folder: RepoPath,
    /// The file that gives the values of one environment, where there is one.
    pub environment: Option<FileId>,
    /// What Terraform would create. `None` where something else does.
    pub terraform: Option<Root>,
    /// The load balancers.
    pub load_balancers: Vec<LoadBalancer>,
    /// The distributions of CloudFront.
    pub distributions: Vec<Distribution>,
    /// The listeners.
    pub listeners: Vec<Listener>,
    /// The heads of listeners that its modules have, and that its values leave out: of which there are none.
    pub left_out_listeners: Vec<Span>,
    /// The listener rules; after those that are resources, those that well-known modules make of their inputs.
    pub listener_rules: Vec<ListenerRule>,
    /// The names by which clients ask its entrances.
    pub entrance_names: Vec<EntranceName>,
    /// Where its entrances send requests.
    pub tables: Vec<Table>,
    /// What answers behind the targets of those entrances.
    pub backends: Vec<Backend>,
    /// What its programs ask of those entrances, where variables tell them the address.
    pub told_requests: Vec<ToldRequest>,
    /// The ports on which load balancers take connections: those of listeners, then those of well-known modules.
    pub openings: Vec<Opening>,
    /// The target groups.
    pub target_groups: Vec<TargetGroup>,
    /// The architecture of the machines that run tasks, with the place that decides it, where all have one.
    pub machine_architecture: Option<(Architecture, Span)>,
    /// What registers machines with target groups.
    pub machines: Vec<Machines>,
    /// The task definitions.
    pub task_definitions: Vec<Arc<TaskDefinition>>,
    /// The services.
    pub services: Vec<Service>,
    /// The functions.
    pub functions: Vec<Function>,
    /// What is scaled by itself.
    pub scaling_targets: Vec<ScalingTarget>,
    /// The repositories of images.
    pub repositories: Vec<Repository>,
    /// The log groups.
    pub log_groups: Vec<LogGroup>,
    /// Where the routes of subnets lead.
    pub routes: Routes,
    /// The security groups.
    pub security_groups: SecurityGroups,
    /// The names that resolve in its network.
    pub private_names: PrivateNames,
}

impl AwsRoot {
    /// Whether Fargate runs a task definition for certain.
    pub fn runs_on_fargate(&self, definition: &TaskDefinition) -> bool {
        let mut services = self.services.iter().filter(|service| {
            service.task_definition.as_ref().is_some_and(|task| task.address == definition.address)
        });
        definition.needs_fargate == Some(true) || services.any(Service::is_on_fargate)
    }

    /// The target groups that services register with for certain, where they are of the configuration.
    pub fn registrations(&self) -> impl Iterator<Item = (&Service, &ServiceTarget, &TargetGroup)> {
        let services = self.services.iter().filter(|service| service.certain);
        let targets =
            services.flat_map(|service| service.targets.iter().map(move |target| (service, target)));
        targets.filter_map(|(service, target)| {
            Some((service, target, self.target_group(target.target_group.as_ref()?)?))
        })
    }

    /// The load balancers that send requests to `group`. `None` where one of them is not of the configuration.
    pub fn balancers_of(&self, group: &TargetGroup) -> Option<Vec<&LoadBalancer>> {
        let names = |opening: &&Opening| opening.targets.iter().any(|target| target.address == group.address);
        let mut found: Vec<&LoadBalancer> = Vec::new();
        for opening in self.openings.iter().filter(names) {
            let address = opening.load_balancer.as_ref()?;
            let balancer = self.load_balancers.iter().find(|balancer| balancer.address == *address)?;
            if !found.iter().any(|other| other.address == balancer.address) {
                found.push(balancer);
            }
        }
        Some(found)
    }

    /// The target group that `reference` means, where it is one of the configuration.
    pub fn target_group(&self, reference: &Reference) -> Option<&TargetGroup> {
        let index = self.target_groups.partition_point(|group| group.address < reference.address);
        self.target_groups.get(index).filter(|group| group.address == reference.address)
    }
}
