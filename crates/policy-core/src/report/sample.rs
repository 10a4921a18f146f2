//! Small reports for the tests of the formats.

use policy_text::Family;
use policy_text::source::{FileId, RepoPath, SourceText, Span};

use super::{Diagnostic, Report, ReportFile};
use crate::finding::{Finding, Label, Severity};
use crate::rule_id::RuleId;

/// The rule that the report is of.
pub(crate) const RULE: RuleId = RuleId::new(Family::Image, "latest-tag");

/// A report on one file, with an error of `image/latest-tag` at the first occurrence of each of `places`.
pub(crate) fn report(path: &str, text: &str, places: &[&str]) -> Report {
    let file = FileId(0);
    let diagnostics = places
        .iter()
        .map(|place| {
            let start = text.find(place).unwrap();
            let span = Span::new(file, start..start + place.len());
            Diagnostic {
                rule: RULE,
                severity: Severity::Error,
                finding: Finding::new("the tag `latest` moves", Label::new(span, "decided here"))
                    .help("name a version"),
                suppression: None,
            }
        })
        .collect();
    let path = RepoPath::new(path).unwrap();
    let files = [(file, ReportFile { path, text: SourceText::new(text), is_verbatim: true })].into();
    Report { diagnostics, files, ..Report::default() }
}
