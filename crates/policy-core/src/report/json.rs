//! Our own JSON: all that the report knows, in a shape that a version number guards.

use std::collections::BTreeMap;

use policy_deployment::FileKind;
use policy_text::source::{RepoPath, Span};
use schemars::JsonSchema;
use serde::Serialize;

use super::place::Point;
use super::{Diagnostic, Known, Report, VERSION, fingerprints};
use crate::finding::{Applicability, Edit, Fix, Label, Severity};
use crate::rule_id::RuleId;

/// Grows by one when a field changes its meaning or goes away; new fields do not count.
const FORMAT_VERSION: u32 = 1;

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document<'r> {
    version: u32,
    tool: Tool,
    summary: Summary,
    findings: Vec<Found<'r>>,
    /// What the baseline holds and is no longer found.
    gone: &'r [Known],
    unresolved: Vec<Unknown<'r>>,
    unlisted: Vec<Unlisted<'r>>,
    /// What went wrong in the tool itself.
    faults: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Summary {
    /// Files read, by kind.
    files: BTreeMap<FileKind, usize>,
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
    unresolved: usize,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Found<'r> {
    rule: RuleId,
    severity: Severity,
    message: &'r str,
    help: Option<&'r str>,
    location: Option<Location<'r>>,
    related: Vec<Location<'r>>,
    fix: Option<Change<'r>>,
    build_context: Option<String>,
    evidence: &'r [String],
    suppression: Option<Allowance<'r>>,
    fingerprint: String,
}

#[derive(Serialize, JsonSchema)]
struct Location<'r> {
    path: &'r str,
    start: Point,
    end: Point,
    /// Byte offsets into the file: the first byte, and the one after the last.
    bytes: [u32; 2],
    label: Option<&'r str>,
}

#[derive(Serialize, JsonSchema)]
struct Change<'r> {
    title: &'r str,
    applicability: &'static str,
    edits: Vec<Replacement<'r>>,
}

/// Creates a file where there is no location.
#[derive(Serialize, JsonSchema)]
struct Replacement<'r> {
    path: &'r str,
    location: Option<Location<'r>>,
    text: &'r str,
}

#[derive(Serialize, JsonSchema)]
struct Allowance<'r> {
    reason: &'r str,
    location: Option<Location<'r>>,
}

#[derive(Serialize, JsonSchema)]
struct Unknown<'r> {
    what: &'r str,
    why: &'r str,
    location: Option<Location<'r>>,
}

#[derive(Serialize, JsonSchema)]
struct Unlisted<'r> {
    path: &'r str,
    reason: &'r str,
}

/// The report as one JSON document. Lines and columns count from one, columns in Unicode scalar values.
pub fn json(report: &Report) -> String {
    let document = Document {
        version: FORMAT_VERSION,
        tool: Tool { name: "portcullis", version: VERSION },
        summary: Summary {
            files: report.read.iter().copied().collect(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            notes: report.count(Severity::Note),
            suppressed: report.diagnostics.len() - report.active().count(),
            unresolved: report.unresolved.len(),
        },
        findings: report
            .diagnostics
            .iter()
            .zip(fingerprints(report))
            .map(|(diagnostic, print)| found(report, diagnostic, print))
            .collect(),
        gone: &report.gone,
        unresolved: report
            .unresolved
            .iter()
            .map(|value| Unknown {
                what: &value.what,
                why: &value.why,
                location: location(report, value.at, ""),
            })
            .collect(),
        unlisted: report
            .unlisted
            .iter()
            .map(|place| Unlisted { path: &place.path, reason: &place.reason })
            .collect(),
        faults: report.faults.iter().map(ToString::to_string).collect(),
    };
    super::pretty(&document)
}

fn found<'r>(report: &'r Report, diagnostic: &'r Diagnostic, fingerprint: String) -> Found<'r> {
    let finding = &diagnostic.finding;
    let labelled = |label: &'r Label| location(report, label.span, &label.text);
    Found {
        rule: diagnostic.rule,
        severity: diagnostic.severity,
        message: &finding.message,
        help: finding.help.as_deref(),
        location: labelled(&finding.primary),
        related: finding.related.iter().filter_map(labelled).collect(),
        fix: finding.fix.as_ref().map(|fix| change(report, fix)),
        build_context: finding.build_context.as_ref().map(RepoPath::to_string),
        evidence: &finding.evidence,
        suppression: diagnostic.suppression.as_ref().map(|suppression| Allowance {
            reason: suppression.reason(),
            location: suppression.at().and_then(|at| location(report, at, "")),
        }),
        fingerprint,
    }
}

fn location<'r>(report: &'r Report, span: Span, label: &'r str) -> Option<Location<'r>> {
    let place = report.place(span)?;
    Some(Location {
        path: place.path.as_str(),
        start: place.start.into(),
        end: place.end.into(),
        bytes: [span.start, span.end],
        label: Some(label).filter(|label| !label.is_empty()),
    })
}

fn change<'r>(report: &'r Report, fix: &'r Fix) -> Change<'r> {
    let edits = fix.edits.iter().filter_map(|edit| match edit {
        Edit::Replace { span, text } => {
            let location = location(report, *span, "")?;
            Some(Replacement { path: location.path, location: Some(location), text })
        }
        Edit::Create { path, text } => Some(Replacement { path: path.as_str(), location: None, text }),
    });
    Change {
        title: &fix.title,
        applicability: match fix.applicability {
            Applicability::DisplayOnly => "display-only",
            Applicability::Unsafe => "unsafe",
            Applicability::Safe => "safe",
        },
        edits: edits.collect(),
    }
}
