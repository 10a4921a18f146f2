//! Openings, from listeners and from the inputs of well-known modules.

use std::collections::HashMap;

use policy_terraform::resolve::value::{Reference, Value};
use policy_terraform::resolve::world::{RemoteCall, Root};

use super::{module_rules, setting};
use crate::model::load_balancer::{Listener, ListenerIdentity, ListenerRule, Opening};

/// The openings of a root module and all modules that it calls: its listeners with what their rules forward to, and what
/// the `alb` module of terraform-aws-modules makes of its inputs.
pub(super) fn openings(root: &Root, listeners: &[Listener], rules: &[ListenerRule]) -> Vec<Opening> {
    let mut forwards: HashMap<&ListenerIdentity, Vec<&Reference>> = HashMap::new();
    for rule in rules {
        if let Some(listener) = &rule.listener {
            forwards.entry(listener).or_default().extend(&rule.targets);
        }
    }
    let of_listener = |listener: &Listener| {
        let itself = ListenerIdentity::Resource(listener.address.clone());
        let by_rules = forwards.get(&itself).into_iter().flatten().copied();
        Opening {
            port: listener.port.clone(),
            load_balancer: listener.load_balancer.as_ref().map(|balancer| balancer.address.clone()),
            targets: by_rules.chain(&listener.default_targets).cloned().collect(),
            certain: listener.certain,
        }
    };
    let mut openings: Vec<Opening> = listeners.iter().map(of_listener).collect();
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
