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
    let pairs = ONCE.into_iter().filter_map(|kind| {
        let mut conditions = of_kind(kind);
        Some((conditions.next()?, conditions.next()?))
    });
    pairs.map(|(first, second)| twice(rule, first, second)).collect()
}

fn twice(rule: &ListenerRule, first: &Condition, second: &Condition) -> Finding {
    let kind = first.kind.name();
    let message = format!("`{}` has two `{kind}` conditions: AWS allows one per rule", rule.name);
    let mut finding = Finding::new(message, Label::new(second.at, format!("the second `{kind}` condition")));
    if first.at != second.at {
        finding = finding.related(Label::new(first.at, format!("the first `{kind}` condition")));
    }
    let help = format!("put all values into one `{kind}` condition, which matches if any of them does");
    called_from(finding, &rule.calls).help(help)
}
