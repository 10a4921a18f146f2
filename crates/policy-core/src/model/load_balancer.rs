//! Load balancers: listeners, their rules, and target groups, from resources and from the inputs of well-known modules.

mod condition;
mod listener;
mod module_rules;
mod opening;
mod rule;
mod target_group;

pub use condition::{Condition, ConditionKind, Pattern, Patterns};
pub use listener::Listener;
pub(super) use listener::listeners;
pub use opening::Opening;
pub(super) use opening::openings;
pub(super) use rule::listener_rules;
pub use rule::{ListenerIdentity, ListenerRule};
pub(super) use target_group::target_groups;
pub use target_group::{HealthCheck, TargetGroup};
