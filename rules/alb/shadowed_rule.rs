//! A rule that no request reaches, since another takes them all before.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::{Action, Condition, ConditionKind, ListenerRule};
use policy_core::rule::Context;

use super::module_calls::called_from;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

/// A rule that is made for certain, with the listener and the number that it has for certain.
fn ranked(root: &AwsRoot) -> Vec<(&ListenerRule, i64)> {
    let certain = root.listener_rules.iter().filter(|rule| rule.certain && rule.listener.is_some());
    certain.filter_map(|rule| Some((rule, *rule.priority.known()?))).collect()
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let rules = ranked(root);
    let before = |later: &ListenerRule, number: i64| {
        let mut earlier = rules.iter().filter(|(rule, priority)| {
            *priority < number
                && rule.listener == later.listener
                && differ(rule, later)
                && takes_all_of(rule, later)
        });
        earlier.next().copied()
    };
    let shadowed = rules.iter().filter_map(|&(rule, number)| Some((rule, number, before(rule, number)?)));
    shadowed.map(|(rule, number, (earlier, priority))| shadow(rule, number, earlier, priority)).collect()
}

/// Whether it matters which of two rules takes a request.
fn differ(a: &ListenerRule, b: &ListenerRule) -> bool {
    match (a.action, b.action) {
        (Action::Unknown, _) | (_, Action::Unknown) => false,
        (Action::Forwards, Action::Forwards) => {
            a.targets.iter().any(|target| !b.targets.contains(target))
                && b.targets.iter().any(|target| !a.targets.contains(target))
        }
        (a, b) => a != b,
    }
}

/// Whether each request that meets the conditions of `later` meets those of `earlier` too.
fn takes_all_of(earlier: &ListenerRule, later: &ListenerRule) -> bool {
    let met = |wanted: &Condition| {
        // A header or a parameter of the query has a name, which is not compared here.
        let named = matches!(wanted.kind, ConditionKind::HttpHeader | ConditionKind::QueryString);
        !named && later.conditions.iter().any(|given| given.kind == wanted.kind && implies(given, wanted))
    };
    !earlier.more_conditions && !earlier.conditions.is_empty() && earlier.conditions.iter().all(met)
}

/// Whether each value of `given` is one of `wanted`'s.
fn implies(given: &Condition, wanted: &Condition) -> bool {
    let all = &given.patterns.certain;
    let is_covered = |value| wanted.patterns.certain.iter().any(|pattern| pattern.covers(value));
    !given.patterns.more && !all.is_empty() && all.iter().all(is_covered)
}

fn shadow(rule: &ListenerRule, number: i64, earlier: &ListenerRule, priority: i64) -> Finding {
    let message = format!(
        "no request reaches `{}`: `{}` matches all of them first, because its priority {priority} comes before {number}",
        rule.name, earlier.name
    );
    let mut finding = Finding::new(message, Label::new(rule.at, "this rule is evaluated later")).help(
        "give the rule with the narrower conditions the lower priority number: AWS evaluates the lowest first",
    );
    for condition in &earlier.conditions {
        let label = format!("`{}` matches these requests first", earlier.name);
        finding = finding.related(Label::new(condition.at, label));
    }
    called_from(finding, &rule.calls)
}
