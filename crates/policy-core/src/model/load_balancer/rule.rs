//! Listener rules: which requests go where, in which order.

use std::sync::Arc;

use super::condition::{self, Condition};
use super::listener::targets;
use super::module_rules;
use crate::model::setting::{self, Setting};
use crate::resolve::terraform::value::{Data, Reference, Value};
use crate::resolve::terraform::world::{Call, Resource, Root};
use crate::source::Span;

/// A rule of a listener.
#[derive(Clone, Debug)]
pub struct ListenerRule {
    /// The resource without the modules it is in, or the path of a module's input: what messages call it.
    pub name: Arc<str>,
    /// The full address, which tells instances apart.
    pub address: Arc<str>,
    /// The head of the block, or the place of the input.
    pub at: Span,
    /// The listener that the rule belongs to. `None` where it cannot be told which.
    pub listener: Option<ListenerIdentity>,
    /// The priority.
    pub priority: Setting<i64>,
    /// The conditions that are certain to be there.
    pub conditions: Vec<Condition>,
    /// The target groups that it forwards to, where it is a resource.
    pub targets: Vec<Reference>,
    /// The module calls that lead here, the outermost first.
    pub calls: Arc<[Call]>,
    /// Whether the rule is created for certain.
    pub certain: bool,
}

/// What tells one listener from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListenerIdentity {
    /// A resource or data source of the same root module, by address.
    Resource(Arc<str>),
    /// An ARN that is written out.
    Arn(Arc<str>),
    /// An entry of a module's `listeners`: the module's address and the entry's key.
    ModuleInput(Arc<str>, Arc<str>),
}

/// The listener rules of a root module and all modules that it calls, by address.
pub(in crate::model) fn listener_rules(root: &Root) -> Vec<ListenerRule> {
    let resources = root.resources(&["aws_lb_listener_rule", "aws_alb_listener_rule"]);
    let mut rules: Vec<ListenerRule> = resources.map(|resource| of_resource(root, resource)).collect();
    rules.extend(module_rules::of_calls(root));
    rules
}

fn of_resource(root: &Root, resource: &Resource) -> ListenerRule {
    ListenerRule {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        listener: resource.body.get("listener_arn").and_then(|value| identity(root, value)),
        priority: setting::integer(&resource.body, "priority"),
        conditions: resource.body.blocks("condition").flat_map(condition::of_block).collect(),
        targets: resource.body.blocks("action").flat_map(targets).collect(),
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
