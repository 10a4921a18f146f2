//! Openings: the ports on which load balancers take connections, and what is behind them.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;

use crate::model::setting::Setting;

/// A port on which a load balancer may take connections.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The port.
    pub port: Setting<i64>,
    /// The address of the load balancer, or of the module that makes it. `None` where it cannot be told which it is.
    pub load_balancer: Option<Arc<str>>,
    /// The target groups that some request goes to.
    pub targets: Vec<Reference>,
    /// Whether it is made for certain.
    pub certain: bool,
}
