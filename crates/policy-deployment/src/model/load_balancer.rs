//! Load balancers: listeners, their rules, and target groups.

mod action;
mod balancer;
mod condition;
mod listener;
mod machines;
mod opening;
mod protocol;
mod redirect;
mod rule;
mod target_group;

pub use action::Action;
pub use balancer::{BalancerKind, LoadBalancer};
pub use condition::{Condition, ConditionKind, Pattern, Patterns};
pub use listener::Listener;
pub use machines::Machines;
pub use opening::Opening;
pub use protocol::Protocol;
pub use redirect::Redirect;
pub use rule::{ListenerIdentity, ListenerRule};
pub use target_group::{Filled, HealthCheck, TargetGroup, TargetType};
