//! Listener rules, from Terraform.

use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{Resource, Root};

use super::action::Done;
use super::{condition, module_rules, setting};
use crate::model::load_balancer::{Condition, ListenerIdentity, ListenerRule};

/// The types of resources that are read.
pub(super) const KINDS: [&str; 2] = ["aws_lb_listener_rule", "aws_alb_listener_rule"];

/// The listener rules of a root module and all modules that it calls, by address.
pub(super) fn listener_rules(root: &Root) -> Vec<ListenerRule> {
    let resources = root.resources(&KINDS);
    let mut rules: Vec<ListenerRule> = resources.map(|resource| of_resource(root, resource)).collect();
    rules.extend(module_rules::of_calls(root));
    rules
}

fn of_resource(root: &Root, resource: &Resource) -> ListenerRule {
    let Done { action, targets, idle_targets } = Done::of_blocks(&resource.body, "action");
    let conditions: Vec<Vec<Condition>> =
        resource.body.blocks("condition").map(condition::of_block).collect();
    ListenerRule {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        listener: resource.body.get("listener_arn").and_then(|value| identity(root, value)),
        priority: setting::integer(&resource.body, "priority"),
        more_conditions: resource.body.may_have_more("condition") || conditions.iter().any(Vec::is_empty),
        rewrites: resource.body.block("transform").is_some() || resource.body.may_have_more("transform"),
        conditions: conditions.into_iter().flatten().collect(),
        action,
        targets,
        idle_targets,
        calls: resource.calls.clone(),
        certain: resource.certain,
    }
}

/// The listener that `value` names. A reference that may mean any of several instances names none.
fn identity(root: &Root, value: &Value) -> Option<ListenerIdentity> {
    match &value.data {
        Data::Reference(reference) => {
            let mut instances = root.at_address(&reference.address);
            let is_one = instances.next().is_some() && instances.next().is_none();
            is_one.then(|| ListenerIdentity::Resource(reference.address.clone()))
        }
        Data::String(_) => value.as_string().map(|arn| ListenerIdentity::Arn(arn.into())),
        _ => None,
    }
}
