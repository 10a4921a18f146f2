//! Load balancers: listeners, their rules, and target groups, from resources and from the inputs of well-known modules.

mod condition;
mod listener;
mod module_rules;
mod opening;
mod rule;
mod target_group;

pub use condition::{Condition, ConditionKind, Pattern, Patterns};
pub use listener::{Listener, listeners};
pub use opening::{Opening, openings};
pub use rule::{ListenerIdentity, ListenerRule, listener_rules};
pub use target_group::{HealthCheck, TargetGroup, target_groups};
