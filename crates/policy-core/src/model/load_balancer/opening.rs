//! Openings: the ports on which load balancers take connections, and what is behind them.

use std::sync::Arc;

use super::listener::{listeners, targets};
use super::module_rules;
use super::rule::{ListenerIdentity, identity};
use crate::model::setting::{self, Setting};
use crate::resolve::terraform::value::{Reference, Value};
use crate::resolve::terraform::world::{RemoteCall, Root};

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

/// The openings of a root module and all modules that it calls: listeners, and what the `alb` module of
/// terraform-aws-modules makes of its inputs.
pub fn openings(root: &Root) -> Vec<Opening> {
    let resources = root.resources(&["aws_lb_listener_rule", "aws_alb_listener_rule"]);
    let forwards: Vec<(ListenerIdentity, Vec<Reference>)> = resources
        .filter_map(|rule| {
            let listener = identity(root, rule.body.get("listener_arn")?)?;
            Some((listener, rule.body.blocks("action").flat_map(targets).collect()))
        })
        .collect();
    let mut openings: Vec<Opening> = listeners(root)
        .into_iter()
        .map(|listener| {
            let itself = ListenerIdentity::Resource(listener.address.clone());
            let by_rules = forwards.iter().filter(|(of, _)| *of == itself).flat_map(|(_, targets)| targets);
            Opening {
                port: listener.port,
                load_balancer: listener.load_balancer.map(|balancer| balancer.address),
                targets: by_rules.cloned().chain(listener.default_targets).collect(),
                certain: listener.certain,
            }
        })
        .collect();
    openings.extend(module_rules::alb_calls(root).flat_map(of_call));
    openings
}

fn of_call(call: &RemoteCall) -> Vec<Opening> {
    let map = call.arguments.get("listeners").and_then(Value::as_object);
    let named = map.into_iter().flat_map(|listeners| listeners.entries.values());
    let lists = ["http_tcp_listeners", "https_listeners"].into_iter();
    let lists = lists.filter_map(|input| call.arguments.get(input)?.as_list());
    let listed = lists.flat_map(|list| &list.items);
    named
        .chain(listed)
        .map(|listener| Opening {
            port: setting::of(listener.get("port"), Value::as_integer),
            load_balancer: Some(call.address.clone()),
            targets: Vec::new(),
            certain: call.certain,
        })
        .collect()
}
