//! How many findings each rule has.

use std::collections::BTreeMap;
use std::fmt::Write;

use policy_core::report::Report;

/// One line for each rule that found something: the worst first, then those with the most findings.
pub(super) fn statistics(report: &Report) -> String {
    let mut counts = BTreeMap::new();
    for diagnostic in report.active() {
        *counts.entry((diagnostic.severity, diagnostic.rule)).or_insert(0_usize) += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|&((severity, rule), count)| (std::cmp::Reverse((severity, count)), rule));
    let width = rows.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or_default();
    let mut text = String::new();
    for ((severity, rule), count) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{count:width$}  {:7}  {rule}", severity.name());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}
