//! A listener rule has more values in its conditions than AWS takes.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{Condition, ListenerRule};
use policy_core::rule::Context;

use super::module_calls::called_from;

/// The most values that all conditions of one rule may have together; the quota cannot be raised.
pub(super) const MOST: usize = 5;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.listener_rules.iter().filter_map(too_many).collect())
}

/// How many values the conditions of `rule` have for certain.
pub(super) fn count(rule: &ListenerRule) -> usize {
    rule.conditions.iter().map(|condition| condition.patterns.certain.len()).sum()
}

fn too_many(rule: &ListenerRule) -> Option<Finding> {
    let count = count(rule);
    let values = |condition: &&Condition| condition.patterns.certain.len();
    let worst = rule.conditions.iter().rev().max_by_key(values).filter(|_| count > MOST)?;
    let open = rule.conditions.iter().any(|condition| condition.patterns.more);
    let at_least = if open { "at least " } else { "" };
    let message = format!(
        "`{}` has {at_least}{count} condition values: AWS allows at most {MOST} per rule, all conditions together",
        rule.name
    );
    let others = rule.conditions.iter().filter(|condition| !std::ptr::eq(*condition, worst));
    let mut finding = Finding::new(message, Label::new(worst.at, counted(worst)));
    for other in others.filter(|other| !other.patterns.certain.is_empty()) {
        finding = finding.related(Label::new(other.at, format!("plus {}", counted(other))));
    }
    if worst.at.file != rule.at.file || worst.at.start < rule.at.start {
        finding = finding.related(Label::new(rule.at, "the rule with these conditions"));
    }
    let rules = count.div_ceil(MOST);
    let help = format!(
        "split the rule into {rules} rules with the same action and different priorities, or cover several paths with \
         one pattern"
    );
    Some(called_from(finding, &rule.calls).help(help))
}

fn counted(condition: &Condition) -> String {
    match condition.patterns.certain.len() {
        1 => format!("1 value in `{}`", condition.kind.name()),
        count => format!("{count} values in `{}`", condition.kind.name()),
    }
}
