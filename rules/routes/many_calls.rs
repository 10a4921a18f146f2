//! One finding for many calls that are lost by one cause.

use policy_core::finding::{Finding, Label};
use policy_core::model::routing::PathPattern;
use policy_core::source::Span;

use super::MAX_SHOWN;

/// How many calls have one cause, behind the message for the first.
pub(super) fn counted(calls: usize) -> String {
    if calls == 1 { String::new() } else { format!(" ({calls} calls)") }
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
