//! A directive that allows nothing: no finding is there.

use policy_core::RuleId;
use policy_core::finding::{Finding, Label};
use policy_core::rule::Directives;
use policy_core::source::Span;

pub(super) fn check(directives: &Directives<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judged in directives.all.iter().filter(|judged| judged.directive.reason.is_some()) {
        for (name, at) in &judged.directive.rules {
            let rule = directives.ran.iter().find(|id| **id == **name);
            if let Some(rule) = rule.filter(|rule| !judged.used.contains(rule)) {
                findings.push(unused(*rule, *at, judged.directive.line));
            }
        }
    }
    findings
}

fn unused(rule: RuleId, at: Span, line: usize) -> Finding {
    Finding::new(
        format!("this comment allows `{rule}`, but line {line} has no such finding"),
        Label::new(at, "nothing to allow"),
    )
    .help("remove it: left in place, it would hide the next such finding on that line")
}
