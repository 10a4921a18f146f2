//! A path pattern that AWS rejects, or that no path can match.

use policy_core::finding::{Finding, Label};
use policy_core::model::load_balancer::{ConditionKind, ListenerRule, Pattern};
use policy_core::rule::Context;

use super::module_calls::called_from;

/// The longest pattern, in characters.
const LONGEST: usize = 128;
/// What a pattern may hold besides letters and digits.
const MARKS: &str = "_-.$/~\"'@:+&*?";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.listener_rules.iter().flat_map(invalid).collect())
}

fn invalid(rule: &ListenerRule) -> Vec<Finding> {
    let paths = rule.conditions.iter().filter(|condition| condition.kind == ConditionKind::PathPattern);
    let patterns =
        paths.flat_map(|condition| &condition.patterns.certain).filter(|pattern| !pattern.is_regex);
    let faults =
        patterns.filter_map(|pattern| fault(pattern).map(|(message, help)| (pattern, message, help)));
    faults
        .map(|(pattern, message, help)| {
            let finding =
                Finding::new(message, Label::new(pattern.at, format!("a path pattern of `{}`", rule.name)));
            called_from(finding, &rule.calls).help(help)
        })
        .collect()
}

fn fault(pattern: &Pattern) -> Option<(String, &'static str)> {
    let known: String = pattern.text.pieces().iter().filter_map(|piece| piece.as_literal()).collect();
    let length = known.chars().count();
    if length > LONGEST {
        let message = format!("a path pattern has {length} characters: AWS allows at most {LONGEST}");
        return Some((message, "shorten the pattern with a `*`"));
    }
    if let Some(wrong) =
        known.chars().find(|&letter| !letter.is_ascii_alphanumeric() && !MARKS.contains(letter))
    {
        let message = format!("the path pattern `{}` contains `{wrong}`, which AWS rejects", pattern.text);
        return Some((
            message,
            "use only letters, digits, `_ - . $ / ~ \" ' @ : + &`, and the wildcards `*` and `?`",
        ));
    }
    let first = pattern.text.known_prefix().chars().next()?;
    if matches!(first, '/' | '*' | '?') {
        return None;
    }
    let message =
        format!("the path pattern `{}` never matches: every request path begins with `/`", pattern.text);
    Some((message, "begin the pattern with `/`"))
}
