//! Target groups, from Terraform.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Block, Resource, Root};

use super::{machines, service, setting};
use crate::model::load_balancer::{Filled, HealthCheck, TargetGroup};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 2] = ["aws_lb_target_group", "aws_alb_target_group"];

/// The target groups of a root module and all modules that it calls, by address.
pub(super) fn target_groups(root: &Root) -> Vec<TargetGroup> {
    let fillers = Fillers::of(root);
    root.resources(&KINDS).map(|resource| of_resource(root, resource, &fillers)).collect()
}

fn of_resource(root: &Root, resource: &Resource, fillers: &Fillers) -> TargetGroup {
    let body = &resource.body;
    let health_check = body.block("health_check").map(|check| HealthCheck {
        at: check.at,
        enabled: setting::truth(check, "enabled"),
        interval: setting::integer(check, "interval"),
        timeout: setting::integer(check, "timeout"),
        protocol: setting::word(check, "protocol"),
        port: setting::text(check, "port"),
        path: setting::text(check, "path"),
        matcher: setting::text(check, "matcher"),
    });
    TargetGroup {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        protocol: setting::word(body, "protocol"),
        target_type: setting::word(body, "target_type"),
        filled: if fillers.may_fill(root, &resource.address) { Filled::Here } else { Filled::Nowhere },
        health_check,
    }
}

/// Arguments that name the target groups in which something registers.
const NAMING: [&str; 5] =
    ["target_group_arn", "target_group_arns", "lb_target_group_arn", "alb_target_group_arn", "identifier"];

/// Blocks that may be there in any number, and that name one.
const NAMING_BLOCKS: [&str; 3] = ["load_balancer", "traffic_source", "advanced_configuration"];

/// Words in the source of a module that runs something.
const RUNNERS: [&str; 10] =
    ["ecs", "eks", "ec2", "asg", "autoscaling", "service", "lambda", "fargate", "kubernetes", "deploy"];

/// What registers targets.
#[derive(Default)]
struct Fillers {
    /// The addresses that are named, without a key where any instance may be meant.
    named: BTreeSet<Arc<str>>,
    /// Whether something registers with a group that is not known.
    is_any: bool,
}

impl Fillers {
    fn of(root: &Root) -> Self {
        let mut fillers = Self {
            is_any: root
                .remote_calls
                .iter()
                .any(|call| RUNNERS.iter().any(|word| call.source.contains(word))),
            ..Self::default()
        };
        for resource in root.resources(&machines::KINDS).chain(root.resources(&service::KINDS)) {
            fillers.add(&resource.body);
        }
        fillers
    }

    fn add(&mut self, body: &Block) {
        self.is_any |= NAMING_BLOCKS.iter().any(|kind| body.may_have_more(kind));
        for argument in body.arguments.iter().filter(|argument| NAMING.contains(&&*argument.name)) {
            self.add_value(&argument.value);
        }
        body.blocks.iter().for_each(|nested| self.add(&nested.body));
    }

    fn add_value(&mut self, value: &Value) {
        if let Some(reference) = value.as_reference() {
            self.named.insert(reference.address.clone());
        } else if let Some(list) = value.as_list() {
            self.is_any |= list.more.is_some();
            list.items.iter().for_each(|item| self.add_value(item));
        } else {
            self.is_any |= !value.is_null();
        }
    }

    /// Whether something registers with the group at `address`, or may: also a module from elsewhere that is given it, and
    /// whoever reads the outputs.
    fn may_fill(&self, root: &Root, address: &str) -> bool {
        self.is_any
            || self.named.iter().any(|named| {
                address.strip_prefix(&**named).is_some_and(|key| key.is_empty() || key.starts_with('['))
            })
            || root.is_passed_to_external_module(address)
            || root.outputs.values().any(|output| output.refers_to(address))
    }
}
