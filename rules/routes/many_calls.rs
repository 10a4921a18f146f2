//! One finding for many calls that are lost by one cause.

use policy_core::finding::{Finding, Label};
use policy_core::model::routing::PathPattern;
use policy_core::source::Span;

use super::MAX_SHOWN;

/// How many calls have one cause, behind the message for the first.
pub(super) fn counted(calls: usize) -> String {
    if calls == 1 { String::new() } else { format!(" ({calls} calls)") }
}

/// How many groups of paths a finding shows with a call each.
const MAX_GROUPS: usize = 8;

/// The first call of each group of paths, in the order of the calls, with the group.
pub(super) fn by_group<'a, T>(calls: &'a [T], group: impl Fn(&'a T) -> String) -> Vec<(String, &'a T)> {
    let mut groups: Vec<(String, &T)> = Vec::new();
    for call in calls {
        let own = group(call);
        if !groups.iter().any(|(known, _)| *known == own) {
            groups.push((own, call));
        }
    }
    groups
}

/// The finding with the first call of each other group.
pub(super) fn with_groups<'a>(
    finding: Finding,
    firsts: impl Iterator<Item = (Span, &'a PathPattern)>,
) -> Finding {
    firsts.skip(1).take(MAX_GROUPS - 1).fold(finding, |finding, (at, path)| {
        finding.related(Label::new(at, format!("the same for `{path}`")))
    })
}

/// The finding with the next of its calls; the first is that of the message.
pub(super) fn with_others<'a>(
    finding: Finding,
    calls: impl Iterator<Item = (Span, &'a PathPattern)>,
) -> Finding {
    calls.skip(1).take(MAX_SHOWN - 1).fold(finding, |finding, (at, path)| {
        finding.related(Label::new(at, format!("the same for `{path}`")))
    })
}
