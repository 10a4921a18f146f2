//! Settings of load balancers, services and repositories that rules look at and that are not known.

use std::collections::BTreeMap;

use super::Deployment;
use super::load_balancer::{listener_rules, listeners, target_groups};
use super::log_group::log_groups;
use super::repository::repositories;
use super::service::services;
use super::task_definition::task_definitions;
use super::unknown_tag::why;
use crate::resolve::terraform::world::Root;
use crate::resolve::{Resolved, Unresolved};
use crate::source::Span;

/// What is not known, by place and name: the same in several environments is said once.
#[derive(Default)]
struct Unknown(BTreeMap<(Span, String), String>);

/// Adds each setting once, with the first reason.
pub(super) fn add(deployment: &mut Deployment) {
    for (family, gather) in FAMILIES {
        let mut unknown = Unknown::default();
        deployment.terraform.roots.iter().for_each(|root| gather(&mut unknown, root));
        let family = Some(family);
        let said = unknown.0.into_iter().map(|((at, what), why)| Unresolved { at, what, why, family });
        deployment.unresolved.extend(said);
    }
}

type Gather = fn(&mut Unknown, &Root);

/// The families of rules, and what they look at.
const FAMILIES: [(&str, Gather); 4] = [
    ("alb", Unknown::add_load_balancers),
    ("ecs", Unknown::add_services),
    ("logs", Unknown::add_log_groups),
    ("image", Unknown::add_repositories),
];

impl Unknown {
    fn add_load_balancers(&mut self, root: &Root) {
        for rule in listener_rules(root) {
            self.setting("the priority", &rule.name, rule.priority.as_ref());
            for condition in rule.conditions.iter().filter(|condition| condition.patterns.more) {
                let what = format!("all values of `{}`", condition.kind.name());
                self.insert(condition.at, &what, &rule.name, "some of them are not known".to_owned());
            }
        }
        for listener in listeners(root) {
            self.setting("the port", &listener.name, listener.port.as_ref());
            self.setting("the protocol", &listener.name, listener.protocol.as_ref());
        }
        for group in target_groups(root) {
            self.setting("the target type", &group.name, group.target_type.as_ref());
            if let Some(check) = &group.health_check {
                self.setting("the interval of the health check", &group.name, check.interval.as_ref());
                self.setting("the timeout of the health check", &group.name, check.timeout.as_ref());
            }
        }
    }

    fn add_services(&mut self, root: &Root) {
        for task in task_definitions(root) {
            self.setting("the network mode", &task.name, task.network_mode.as_ref());
            self.setting("the CPU units", &task.name, task.cpu.as_ref());
            self.setting("the memory", &task.name, task.memory.as_ref());
            if task.more_containers {
                let why = "some of them are not known".to_owned();
                self.insert(task.at, "all containers", &task.name, why);
            }
        }
        for service in services(root) {
            self.setting("the launch type", &service.name, service.launch_type.as_ref());
            for target in &service.targets {
                self.setting("the container that is registered", &service.name, target.container.as_ref());
                self.setting("the port that is registered", &service.name, target.port.as_ref());
            }
        }
    }

    fn add_log_groups(&mut self, root: &Root) {
        for group in log_groups(root) {
            self.setting("the retention", &group.name, group.retention.as_ref());
        }
    }

    fn add_repositories(&mut self, root: &Root) {
        for repository in repositories(root) {
            self.setting("the mutability of tags", &repository.resource, repository.mutability.as_ref());
        }
    }

    fn setting<T>(&mut self, what: &str, of: &str, setting: Option<&Resolved<T>>) {
        if let Some(Resolved::Unknown(origin, at)) = setting {
            self.insert(*at, what, of, why(origin));
        }
    }

    fn insert(&mut self, at: Span, what: &str, of: &str, why: String) {
        self.0.entry((at, format!("{what} of `{of}`"))).or_insert(why);
    }
}
