//! A directive that does not say why its finding is right to stay.

use policy_core::directive::Directive;
use policy_core::finding::{Finding, Label};
use policy_core::rule::Directives;

pub(super) fn check(directives: &Directives<'_>) -> Vec<Finding> {
    directives
        .all
        .iter()
        .map(|judged| &judged.directive)
        .filter(|directive| directive.reason.is_none())
        .map(missing_reason)
        .collect()
}

fn missing_reason(directive: &Directive) -> Finding {
    Finding::new(
        "this `allow` comment gives no reason, so it has no effect",
        Label::new(directive.at, "a reason is missing after the bracket"),
    )
    .help("add the reason after the bracket: `allow(image/latest-tag) nightly sandbox`")
}
