//! A listener rule has more wildcards than AWS takes.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::load_balancer::{Condition, ConditionKind, ListenerRule};
use policy_core::rule::Context;

use super::module_calls::called_from;
use super::too_many_condition_values;

/// The most wildcards in a rule of a newer account.
const MOST: usize = 5;
/// The most wildcards in a rule of any account.
const MOST_ANYWHERE: usize = 6;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.listener_rules.iter().filter_map(too_many).collect())
}

fn too_many(rule: &ListenerRule) -> Option<Finding> {
    // Splitting a rule that has too many values ends this fault too: one defect, one finding.
    if too_many_condition_values::count(rule) > too_many_condition_values::MOST {
        return None;
    }
    let count: usize = rule.conditions.iter().map(wildcards).sum();
    let worst =
        rule.conditions.iter().rev().max_by_key(|condition| wildcards(condition)).filter(|_| count > MOST)?;
    let limit = if count > MOST_ANYWHERE { MOST_ANYWHERE } else { MOST };
    let whom = if count > MOST_ANYWHERE { "" } else { " in newer accounts" };
    let message = format!(
        "`{}` has {count} wildcards in its conditions: AWS allows at most {limit} per rule{whom}",
        rule.name
    );
    let mut finding = Finding::new(message, Label::new(worst.at, counted(worst)));
    let others = rule
        .conditions
        .iter()
        .filter(|condition| !std::ptr::eq(*condition, worst) && wildcards(condition) > 0);
    for other in others {
        finding = finding.related(Label::new(other.at, format!("plus {}", counted(other))));
    }
    if count <= MOST_ANYWHERE {
        finding = finding.severity(Severity::Warning);
    }
    let help =
        "split the rule into several rules with the same action, or use fewer wildcards: `/api/*` has one";
    Some(called_from(finding, &rule.calls).help(help))
}

/// The `*` and `?` that are certain to be in the values. Methods and addresses have none.
fn wildcards(condition: &Condition) -> usize {
    if matches!(condition.kind, ConditionKind::HttpRequestMethod | ConditionKind::SourceIp) {
        return 0;
    }
    let patterns = condition.patterns.certain.iter().filter(|pattern| !pattern.is_regex);
    patterns
        .flat_map(|pattern| pattern.text.pieces())
        .filter_map(|piece| piece.as_literal())
        .map(|text| text.matches(['*', '?']).count())
        .sum()
}

fn counted(condition: &Condition) -> String {
    let count = wildcards(condition);
    format!("{count} {} in `{}`", if count == 1 { "wildcard" } else { "wildcards" }, condition.kind.name())
}
