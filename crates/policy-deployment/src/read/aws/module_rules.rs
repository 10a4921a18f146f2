//! Listener rules that the `alb` module of terraform-aws-modules makes of its inputs.

use std::sync::Arc;

use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{RemoteCall, Root};

use super::{condition, setting};
use crate::model::load_balancer::{Action, ListenerIdentity, ListenerRule};

/// The rules of every call of the module.
pub(super) fn of_calls(root: &Root) -> Vec<ListenerRule> {
    alb_calls(root).flat_map(|call| listeners_input(call).into_iter().chain(rules_inputs(call))).collect()
}

/// The calls of the module.
pub(super) fn alb_calls(root: &Root) -> impl Iterator<Item = &RemoteCall> {
    root.remote_calls.iter().filter(|call| is_alb_module(&call.source))
}

fn is_alb_module(source: &str) -> bool {
    source.contains("terraform-aws-modules/alb/aws")
        || source.contains("terraform-aws-modules/terraform-aws-alb")
}

/// From version 9: `listeners = { https = { rules = { api = { priority, conditions = [...] } } } }`.
fn listeners_input(call: &RemoteCall) -> Vec<ListenerRule> {
    let listeners = call.arguments.get("listeners").and_then(Value::as_object);
    let mut found = Vec::new();
    for (key, listener) in listeners.iter().flat_map(|listeners| &listeners.entries) {
        let rules = listener.get("rules").and_then(Value::as_object);
        for (name, rule) in rules.iter().flat_map(|rules| &rules.entries) {
            let path = format!("listeners.{key}.rules.{name}");
            let listener = ListenerIdentity::ModuleInput(call.address.clone(), key.clone());
            found.extend(of_value(call, &path, listener, rule));
        }
    }
    found
}

/// Up to version 8: lists of rules, each with the index of its listener.
fn rules_inputs(call: &RemoteCall) -> Vec<ListenerRule> {
    let inputs = [
        ("https_listener_rules", "https_listener_index"),
        ("http_tcp_listener_rules", "http_tcp_listener_index"),
    ];
    let mut found = Vec::new();
    for (input, index_name) in inputs {
        let rules = call.arguments.get(input).and_then(Value::as_list);
        for (position, rule) in rules.iter().flat_map(|rules| &rules.items).enumerate() {
            let index = rule.get(index_name).map_or(Some(0), Value::as_integer);
            let Some(index) = index else { continue };
            let listener: Arc<str> = format!("{input}[{index}]").into();
            let listener = ListenerIdentity::ModuleInput(call.address.clone(), listener);
            found.extend(of_value(call, &format!("{input}[{position}]"), listener, rule));
        }
    }
    found
}

fn of_value(call: &RemoteCall, path: &str, listener: ListenerIdentity, rule: &Value) -> Option<ListenerRule> {
    let entries = rule.as_object()?;
    let conditions = entries.entries.get("conditions").and_then(Value::as_list);
    let conditions = conditions.iter().flat_map(|list| &list.items).filter_map(Value::as_object);
    let module = call.address.rsplit_once("module.").map_or(&*call.address, |(_, name)| name);
    Some(ListenerRule {
        name: format!("module.{module}: {path}").into(),
        address: format!("{}.{path}", call.address).into(),
        at: rule.at(),
        listener: Some(listener),
        priority: setting::of(rule.get("priority"), Value::as_integer),
        conditions: conditions.flat_map(condition::of_object).collect(),
        more_conditions: true,
        rewrites: true,
        action: Action::Unknown,
        targets: Vec::new(),
        idle_targets: Vec::new(),
        calls: call.calls.clone(),
        certain: call.certain,
    })
}
