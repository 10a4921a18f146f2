//! The report for people.

use std::fmt::Write;

use policy_core::report::Report;

/// The report as text.
pub(crate) fn render(report: &Report) -> String {
    let mut text = String::new();
    for diagnostic in report.active() {
        if let Some(place) = report.place(diagnostic.finding.primary.span) {
            let _ = writeln!(
                text,
                "{}:{}:{}: {}: {} [{}]",
                place.path,
                place.start.line,
                place.start.column,
                diagnostic.severity.name(),
                diagnostic.finding.message,
                diagnostic.rule
            );
        }
    }
    text
}
