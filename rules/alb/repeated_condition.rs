//! A listener rule has two conditions of a kind that AWS takes once.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{Condition, ConditionKind, ListenerRule};
use policy_core::rule::Context;

use super::module_calls::called_from;

/// The kinds that a rule may have once.
const ONCE: [ConditionKind; 4] = [
    ConditionKind::PathPattern,
    ConditionKind::HostHeader,
    ConditionKind::HttpRequestMethod,
    ConditionKind::SourceIp,
];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.listener_rules.iter().flat_map(repeated).collect())
}

fn repeated(rule: &ListenerRule) -> Vec<Finding> {
    let of_kind = |kind| rule.conditions.iter().filter(move |condition| condition.kind == kind);
    let repeated = ONCE.into_iter().filter_map(|kind| {
        let conditions: Vec<&Condition> = of_kind(kind).collect();
        let [first, second, more @ ..] = conditions.as_slice() else { return None };
        Some(finding(rule, first, second, more))
    });
    repeated.collect()
}

fn finding(rule: &ListenerRule, first: &Condition, second: &Condition, more: &[&Condition]) -> Finding {
    let kind = first.kind.name();
    let count = if more.is_empty() { "two".to_owned() } else { (more.len() + 2).to_string() };
    let message = format!("`{}` has {count} `{kind}` conditions: AWS allows one per rule", rule.name);
    let mut finding = Finding::new(message, Label::new(second.at, format!("the second `{kind}` condition")));
    if first.at != second.at {
        finding = finding.related(Label::new(first.at, format!("the first `{kind}` condition")));
    }
    for further in more.iter().filter(|further| further.at != second.at) {
        finding = finding.related(Label::new(further.at, "this is another one"));
    }
    let help = format!("put all values into one `{kind}` condition, which matches if any of them does");
    called_from(finding, &rule.calls).help(help)
}
