//! Two rules of one listener have the same priority.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{ListenerIdentity, ListenerRule};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::module_calls::called_from;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| duplicates(&root.listener_rules))
}

/// A rule with the priority that it has for certain, and the place that decides it.
struct Ranked<'a> {
    rule: &'a ListenerRule,
    at: Span,
}

fn duplicates(rules: &[ListenerRule]) -> Vec<Finding> {
    let mut taken: BTreeMap<(&ListenerIdentity, i64), Vec<Ranked<'_>>> = BTreeMap::new();
    for rule in rules.iter().filter(|rule| rule.certain) {
        if let (Some(listener), Some((priority, from))) = (&rule.listener, rule.priority.found()) {
            taken.entry((listener, *priority)).or_default().push(Ranked { rule, at: from.at });
        }
    }
    taken.into_iter().filter_map(|((_, priority), ranked)| duplicate(priority, &ranked)).collect()
}

fn duplicate(priority: i64, ranked: &[Ranked<'_>]) -> Option<Finding> {
    let (first, rest) = ranked.split_first()?;
    let last = rest.last()?;
    let instances =
        ranked.iter().all(|other| other.rule.at == first.rule.at && other.rule.name == first.rule.name);
    let who = if instances {
        format!("{} instances of `{}`", ranked.len(), first.rule.name)
    } else {
        format!("`{}` and `{}`", first.rule.name, last.rule.name)
    };
    let message =
        format!("{who} have the same priority, {priority}, on one listener: AWS creates only one of them");
    let finding = if instances && ranked.iter().all(|other| other.at == last.at) {
        let help = "give each instance its own priority: from `count.index`, a map in `for_each`, or an input of the module";
        Finding::new(message, Label::new(last.at, "every instance gets this priority")).help(help)
    } else {
        let label = format!("priority {priority} is already taken");
        let mut finding =
            Finding::new(message, Label::new(last.at, label)).help("give each rule its own priority");
        for other in ranked.iter().filter(|other| other.at != last.at) {
            finding =
                finding.related(Label::new(other.at, format!("`{}` has this priority", other.rule.address)));
        }
        finding
    };
    Some(called_from(finding, &last.rule.calls))
}
