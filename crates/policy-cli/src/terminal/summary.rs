//! The summary at the end: findings, files read, and unresolved values.

use std::fmt::Write;

use policy_core::finding::{Applicability, Severity};
use policy_core::report::{Report, Suppression};
use policy_core::source::RepoPath;

use policy_core::harmless::harmless;

/// The summary. With `list_unresolved`, each value that could not be resolved is named.
pub(super) fn summary(report: &Report, list_unresolved: bool, shown: &dyn Fn(&RepoPath) -> String) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", found(report));
    let _ = writeln!(text, "{}", read(report));
    for place in &report.unlisted {
        let _ = writeln!(text, "Not read: {}: {}", harmless(&place.path), harmless(&place.reason));
    }
    text.push_str(&gone(report, list_unresolved));
    match report.unresolved.len() {
        0 => {}
        count if list_unresolved => {
            let _ = writeln!(text, "{} could not be resolved:", counted(count, "value"));
            for value in &report.unresolved {
                let place = report.place(value.at).map_or_else(String::new, |place| {
                    format!("{}:{}:{}", shown(place.path), place.start.line, place.start.column)
                });
                let line = format!("{place}: {} ({})", value.what, value.why);
                let _ = writeln!(text, "  {}", harmless(&line));
            }
        }
        count => {
            let _ = writeln!(text, "{} could not be resolved; -v lists them.", counted(count, "value"));
        }
    }
    text
}

fn found(report: &Report) -> String {
    let kept_quiet = |by: fn(&Suppression) -> bool| {
        let suppressions = report.diagnostics.iter().filter_map(|found| found.suppression.as_ref());
        suppressions.filter(|suppression| by(suppression)).count()
    };
    let in_source = kept_quiet(|by| matches!(by, Suppression::Directive { .. }));
    let in_baseline = kept_quiet(|by| *by == Suppression::Baseline);
    let before = kept_quiet(|by| *by == Suppression::Before);
    let mut parts: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .into_iter()
            .map(|(severity, noun)| (report.count(severity), noun))
            .filter(|&(count, _)| count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
    if parts.is_empty() {
        parts.push("No findings".to_owned());
    }
    let quiet =
        [(in_source, "allowed in the source"), (in_baseline, "in the baseline"), (before, "existed before")];
    parts.extend(quiet.iter().filter(|(count, _)| *count > 0).map(|(count, by)| format!("{count} {by}")));
    format!("{}{}.", parts.join(", "), fixable(report))
}

/// What a fix would do away with.
fn fixable(report: &Report) -> String {
    match (report.fixable(Applicability::Safe), report.fixable(Applicability::Unsafe)) {
        (0, 0) => String::new(),
        (safe, 0) => format!("; {safe} fixable with `--fix`"),
        (0, more) => format!("; {more} fixable with `--fix --unsafe-fixes`"),
        (safe, more) => format!("; {safe} fixable with `--fix`, {more} more with `--unsafe-fixes`"),
    }
}

/// What the baseline could do without. With `list`, each is named.
fn gone(report: &Report, list: bool) -> String {
    let (is_gone, it) = match report.gone.len() {
        0 => return String::new(),
        1 => ("1 finding of the baseline is gone".to_owned(), "it"),
        count => (format!("{count} findings of the baseline are gone"), "them"),
    };
    let end = if list { ":" } else { &format!("; -v lists {it}, --write-baseline drops {it}.") };
    let mut text = format!("{is_gone}{end}\n");
    for known in report.gone.iter().filter(|_| list) {
        let line = format!("{}: {}: {}", known.path, known.rule, known.message);
        let _ = writeln!(text, "  {}", harmless(&line));
    }
    text
}

fn read(report: &Report) -> String {
    let total: usize = report.read.iter().map(|&(_, count)| count).sum();
    if total == 0 {
        return "Nothing to read: no Terraform, TypeScript, Docker or other deployment files.".to_owned();
    }
    let kinds: Vec<String> =
        report.read.iter().map(|&(kind, count)| format!("{count} {}", kind.noun(count))).collect();
    format!("Read {}: {}.", counted(total, "file"), kinds.join(", "))
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
