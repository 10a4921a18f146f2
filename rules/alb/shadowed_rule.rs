//! A rule that no request reaches, since another takes them all before.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::load_balancer::{Action, ConditionKind, ListenerIdentity, ListenerRule, Pattern};
use policy_core::model::routing::PathPattern;
use policy_core::rule::Context;

use super::module_calls::called_from;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

/// A rule that is made for certain, with the number that it has for certain.
struct Ranked<'a> {
    rule: &'a ListenerRule,
    number: i64,
    wanted: Vec<Wanted>,
}

/// A condition of a rule.
struct Wanted {
    kind: ConditionKind,
    /// What each value that is certain to be there matches: `None` where that is not known.
    matched: Vec<Option<PathPattern>>,
    /// Whether there may be more values.
    more: bool,
}

impl<'a> Ranked<'a> {
    fn of(rule: &'a ListenerRule) -> Option<Self> {
        let number = *rule.priority.known().filter(|_| rule.certain)?;
        let wanted = rule.conditions.iter().map(|condition| Wanted {
            kind: condition.kind,
            matched: condition.patterns.certain.iter().map(Pattern::matched).collect(),
            more: condition.patterns.more,
        });
        Some(Self { rule, number, wanted: wanted.collect() })
    }
}

/// The rules of each listener are compared with each other, of which there are not too many: the order of the others is left
/// open.
fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let mut of_listeners: BTreeMap<&ListenerIdentity, Vec<Ranked<'_>>> = BTreeMap::new();
    for rule in &root.listener_rules {
        if let Some((listener, ranked)) = rule.listener.as_ref().zip(Ranked::of(rule)) {
            of_listeners.entry(listener).or_default().push(ranked);
        }
    }
    of_listeners.values().flat_map(|rules| rules.iter().filter_map(|later| shadowed(later, rules))).collect()
}

fn shadowed(later: &Ranked<'_>, rules: &[Ranked<'_>]) -> Option<Finding> {
    let earlier = rules.iter().find(|earlier| {
        earlier.number < later.number && differ(earlier.rule, later.rule) && takes_all_of(earlier, later)
    });
    Some(shadow(later, earlier?))
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
fn takes_all_of(earlier: &Ranked<'_>, later: &Ranked<'_>) -> bool {
    let met = |wanted: &Wanted| {
        // A header or a parameter of the query has a name, which is not compared here.
        let named = matches!(wanted.kind, ConditionKind::HttpHeader | ConditionKind::QueryString);
        !named && later.wanted.iter().any(|given| given.kind == wanted.kind && implies(given, wanted))
    };
    !earlier.rule.more_conditions && !earlier.wanted.is_empty() && earlier.wanted.iter().all(met)
}

/// Whether each value of `given` is one of `wanted`'s.
fn implies(given: &Wanted, wanted: &Wanted) -> bool {
    let is_covered = |narrow: &PathPattern| wanted.matched.iter().flatten().any(|wide| wide.covers(narrow));
    let is_met = |value: &Option<PathPattern>| value.as_ref().is_some_and(is_covered);
    !given.more && !given.matched.is_empty() && given.matched.iter().all(is_met)
}

fn shadow(later: &Ranked<'_>, earlier: &Ranked<'_>) -> Finding {
    let (Ranked { rule, number, .. }, Ranked { rule: earlier, number: priority, .. }) = (later, earlier);
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
