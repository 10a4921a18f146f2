//! Settings of load balancers, services and repositories that rules look at and that are not known.

use std::collections::BTreeMap;

use policy_text::source::Span;
use policy_text::{Family, Unresolved};

use crate::model::AwsRoot;
use crate::model::load_balancer::Filled;
use crate::model::setting::Setting;

/// What is not known, by place and name: the same in several environments is said once.
#[derive(Default)]
struct Unknown(BTreeMap<(Span, String), String>);

/// Each setting once, with the first reason.
pub(super) fn unresolved(roots: &[AwsRoot]) -> Vec<Unresolved> {
    let mut unresolved = Vec::new();
    for (family, gather) in FAMILIES {
        let mut unknown = Unknown::default();
        for root in roots {
            gather(&mut unknown, root);
        }
        unresolved.extend(unknown.0.into_iter().map(|((at, what), why)| Unresolved {
            at,
            what,
            why,
            needed_by: Some(family),
        }));
    }
    unresolved
}

type Gather = fn(&mut Unknown, &AwsRoot);

/// The families of rules, and what they look at.
const FAMILIES: [(Family, Gather); 5] = [
    (Family::Alb, Unknown::add_load_balancers),
    (Family::Ecs, Unknown::add_services),
    (Family::Network, Unknown::add_security_groups),
    (Family::Logs, Unknown::add_log_groups),
    (Family::Image, Unknown::add_repositories),
];

impl Unknown {
    fn add_load_balancers(&mut self, root: &AwsRoot) {
        for rule in &root.listener_rules {
            self.setting("the priority", &rule.name, &rule.priority);
            for condition in rule.conditions.iter().filter(|condition| condition.patterns.more) {
                let what = format!("the values of `{}`", condition.kind.name());
                self.insert(condition.at, &what, &rule.name, "some are unknown".to_owned());
            }
        }
        for listener in &root.listeners {
            self.setting("the port", &listener.name, &listener.port);
            self.setting("the protocol", &listener.name, &listener.protocol);
            if let Some(redirect) = &listener.redirect {
                self.setting("the port of the redirect", &listener.name, &redirect.port);
                self.setting("the protocol of the redirect", &listener.name, &redirect.protocol);
            }
        }
        for group in &root.target_groups {
            self.setting("the target type", &group.name, &group.target_type);
            if group.filled == Filled::PerhapsElsewhere {
                let why = "nothing in the configuration does, but a script or a tool may".to_owned();
                self.insert(group.at, "what registers targets", &group.name, why);
            }
            if let Some(check) = &group.health_check {
                self.setting("the interval of the health check", &group.name, &check.interval);
                self.setting("the timeout of the health check", &group.name, &check.timeout);
            }
        }
    }

    fn add_services(&mut self, root: &AwsRoot) {
        for task in &root.task_definitions {
            self.setting("the network mode", &task.name, &task.network_mode);
            self.setting("the CPU units", &task.name, &task.cpu);
            self.setting("the memory", &task.name, &task.memory);
            if task.more_containers {
                let why = "some are unknown".to_owned();
                self.insert(task.at, "the containers", &task.name, why);
            }
        }
        for service in &root.services {
            self.setting("the launch type", &service.name, &service.launch_type);
            for target in &service.targets {
                self.setting("the registered container", &service.name, &target.container);
                self.setting("the registered port", &service.name, &target.port);
            }
        }
    }

    fn add_security_groups(&mut self, root: &AwsRoot) {
        for (service, ..) in root.registrations() {
            let named = service.network.known().map(|network| &network.security_groups);
            if named.is_some_and(|named| named.more || root.security_groups.meant_by(named).is_none()) {
                let why = "some are created outside this repository".to_owned();
                self.insert(service.at, "the security groups", &service.name, why);
            }
        }
        for group in root.security_groups.groups.iter().filter(|group| group.ingress.more) {
            self.insert(group.at, "the ingress rules", &group.name, "some are unknown".to_owned());
        }
    }

    fn add_log_groups(&mut self, root: &AwsRoot) {
        for group in &root.log_groups {
            self.setting("the retention", &group.name, &group.retention);
        }
    }

    fn add_repositories(&mut self, root: &AwsRoot) {
        for repository in &root.repositories {
            self.setting("the mutability of tags", &repository.resource, &repository.mutability);
        }
    }

    fn setting<T>(&mut self, what: &str, of: &str, setting: &Setting<T>) {
        if let Setting::Unknown(origin, at) = setting {
            self.insert(*at, what, of, origin.why_unknown());
        }
    }

    fn insert(&mut self, at: Span, what: &str, of: &str, why: String) {
        self.0.entry((at, format!("{what} of `{of}`"))).or_insert(why);
    }
}
