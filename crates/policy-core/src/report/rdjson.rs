//! The diagnostic format of reviewdog, which comments on changes in many hosts of code.

use policy_text::source::{RepoPath, Span};
use serde::Serialize;

use super::{Diagnostic, Report, sentences};
use crate::finding::{Applicability, Edit, Fix, Label, Severity};
use crate::rule_id::{REPOSITORY, RuleId};

#[derive(Serialize)]
struct Result<'r> {
    source: Source,
    diagnostics: Vec<Found<'r>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Found<'r> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'r>>,
}

#[derive(Serialize)]
struct Code {
    value: RuleId,
    url: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both count from one. The column counts bytes.
#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Suggestion<'r> {
    range: Range,
    text: &'r str,
}

#[derive(Serialize)]
struct Related<'r> {
    message: &'r str,
    location: Location,
}

/// The active diagnostics, with paths as `shown` writes them.
pub fn rdjson(report: &Report, shown: impl Fn(&RepoPath) -> String) -> String {
    let diagnostics = report.active().filter_map(|diagnostic| found(report, diagnostic, &shown)).collect();
    let source = Source { name: "portcullis", url: REPOSITORY };
    super::pretty(&Result { source, diagnostics })
}

fn found<'r>(
    report: &Report,
    diagnostic: &'r Diagnostic,
    shown: &impl Fn(&RepoPath) -> String,
) -> Option<Found<'r>> {
    let finding = &diagnostic.finding;
    let related = |label: &'r Label| {
        Some(Related { message: &label.text, location: location(report, label.span, shown)? })
    };
    Some(Found {
        message: sentences([finding.message.as_str()].into_iter().chain(finding.help.as_deref())),
        location: location(report, finding.primary.span, shown)?,
        severity: severity(diagnostic.severity),
        code: Code { value: diagnostic.rule, url: diagnostic.rule.page() },
        suggestions: suggestions(report, finding.primary.span, finding.fix.as_ref()),
        related_locations: finding.related.iter().filter_map(related).collect(),
    })
}

/// The edits of a fix, where all of them are in the file of the finding: a comment on one file offers no change of others.
fn suggestions<'r>(report: &Report, at: Span, fix: Option<&'r Fix>) -> Vec<Suggestion<'r>> {
    let Some(fix) = fix.filter(|fix| fix.applicability != Applicability::DisplayOnly) else {
        return Vec::new();
    };
    let suggestion = |edit: &'r Edit| match edit {
        Edit::Replace { span, text } if span.file == at.file => {
            Some(Suggestion { range: range(report, *span)?, text })
        }
        Edit::Replace { .. } | Edit::Create { .. } => None,
    };
    fix.edits.iter().map(suggestion).collect::<Option<_>>().unwrap_or_default()
}

fn location(report: &Report, span: Span, shown: &impl Fn(&RepoPath) -> String) -> Option<Location> {
    Some(Location { path: shown(&report.file(span)?.path), range: range(report, span)? })
}

fn range(report: &Report, span: Span) -> Option<Range> {
    let text = &report.file(span)?.text;
    let position = |offset: usize| {
        let line = text.line_of(offset);
        Position { line, column: offset.saturating_sub(text.line_range(line).start) + 1 }
    };
    Some(Range { start: position(span.start as usize), end: position(span.end as usize) })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "INFO",
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;
    use crate::report::sample;

    #[test]
    fn columns_count_bytes_and_a_fix_elsewhere_is_no_suggestion() {
        let mut report = sample::report("a.tf", "ü latest", &["latest"]);
        let edit = |file| Edit::Replace { span: Span::new(FileId(file), 3..9), text: "1.2".to_owned() };
        let fix = |edits| Fix { title: "t".to_owned(), applicability: Applicability::Unsafe, edits };
        report.diagnostics[0].finding.fix = Some(fix(vec![edit(0)]));
        let read = |report: &Report| -> serde_json::Value {
            serde_json::from_str(&rdjson(report, ToString::to_string)).unwrap()
        };
        let found = &read(&report)["diagnostics"][0];
        assert_eq!(found["location"]["range"]["start"], serde_json::json!({ "line": 1, "column": 4 }));
        assert_eq!(found["suggestions"][0]["text"], "1.2");
        report.diagnostics[0].finding.fix = Some(fix(vec![edit(0), edit(1)]));
        assert!(read(&report)["diagnostics"][0]["suggestions"].is_null());
    }
}
