//! Listener rules: which requests go where, in which order.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_terraform::resolve::world::ModuleCall;
use policy_text::source::Span;

use super::Action;
use super::condition::Condition;
use crate::model::setting::Setting;

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
    /// Whether a request may have to meet conditions that are not among these.
    pub more_conditions: bool,
    /// Whether it changes the paths of requests on their way, or may.
    pub rewrites: bool,
    /// What it does with a request that it takes.
    pub action: Action,
    /// The target groups that it forwards to, where it is a resource.
    pub targets: Vec<Reference>,
    /// Those of them that get no requests, because others have all the weight.
    pub idle_targets: Vec<Reference>,
    /// The module calls that lead here, the outermost first.
    pub calls: Arc<[ModuleCall]>,
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
