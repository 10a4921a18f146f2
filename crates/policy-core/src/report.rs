//! The result of a check: diagnostics with everything that a format needs to show them.

mod allowance;
mod baseline;
mod changes;
mod concise;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod place;
mod rdjson;
mod rules;
#[cfg(test)]
mod sample;
mod sarif;
mod schema;

use std::collections::BTreeMap;

pub use allowance::{allowances, comment};
pub use baseline::{Baseline, BaselineError, Known};
pub use changes::{Change, changes};
pub use concise::concise;
use fingerprint::fingerprints;
pub use github::github;
pub use gitlab::gitlab;
pub use json::json;
pub use junit::junit;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
pub use place::Place;
use policy_deployment::FileKind;
use policy_text::fault::Fault;
use policy_text::source::{FileId, RepoPath, SourceText, Span, Unlisted};
use policy_text::{Problem, Unresolved};
pub use rdjson::rdjson;
pub use rules::rules_json;
pub use sarif::sarif;
pub use schema::{baseline_schema, json_schema, rules_schema};
use serde::Serialize;

use crate::card::Card;
use crate::finding::{Applicability, Finding, Fix, Severity};
use crate::harmless::harmless_json;
use crate::rule_id::RuleId;

/// The version that the formats name as the tool's.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The outcome of one check.
#[derive(Debug, Default)]
pub struct Report {
    /// What was found, ordered by path, place and rule. Suppressed ones are among them and say so.
    pub diagnostics: Vec<Diagnostic>,
    /// The cards of every rule that ran, ordered by id.
    pub cards: Vec<Card>,
    /// Paths and texts of the files that the diagnostics and the unresolved values point into.
    pub files: BTreeMap<FileId, ReportFile>,
    /// How many files of each kind were read.
    pub read: Vec<(FileKind, usize)>,
    /// What could not be read or understood.
    pub problems: Vec<Problem>,
    /// What the baseline holds and is no longer found.
    pub gone: Vec<Known>,
    /// Values that could not be known.
    pub unresolved: Vec<Unresolved>,
    /// Places of the tree that could not be listed.
    pub unlisted: Vec<Unlisted>,
    /// What went wrong in ourselves, each at the cost of a file or a rule.
    pub faults: Vec<Fault>,
}

/// A finding with what the engine knows about its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule.
    pub rule: RuleId,
    /// The severity that counts, after the settings.
    pub severity: Severity,
    /// What was found.
    pub finding: Finding,
    /// What keeps it from being shown and counted.
    pub suppression: Option<Suppression>,
}

/// What keeps a finding from being shown and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Suppression {
    /// A directive in the source allows it.
    Directive {
        /// Where the directive is.
        at: Span,
        /// The reason it gives; never empty.
        reason: String,
    },
    /// The baseline holds it.
    Baseline,
    /// It was found before the change that is asked about.
    Before,
}

impl Suppression {
    /// Where it is, for one in the source.
    pub fn at(&self) -> Option<Span> {
        match self {
            Self::Directive { at, .. } => Some(*at),
            Self::Baseline | Self::Before => None,
        }
    }

    /// Why the finding may stay.
    pub fn reason(&self) -> &str {
        match self {
            Self::Directive { reason, .. } => reason,
            Self::Baseline => "in the baseline",
            Self::Before => "there before the change",
        }
    }
}

/// A file that the report points into.
#[derive(Clone, Debug)]
pub struct ReportFile {
    /// Its path.
    pub path: RepoPath,
    /// Its text; empty where it could not be read.
    pub text: SourceText,
    /// Whether the text is what the file holds, byte for byte. Nothing is changed in other files.
    pub is_verbatim: bool,
}

impl Diagnostic {
    /// Every place that the diagnostic speaks of: its labels, what its fix replaces and what allows it.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        let Finding { primary, related, fix, .. } = &self.finding;
        let replaced = fix.iter().flat_map(Fix::replaced);
        std::iter::once(primary)
            .chain(related)
            .map(|label| label.span)
            .chain(replaced)
            .chain(self.suppression.iter().filter_map(Suppression::at))
    }
}

impl Report {
    /// The diagnostics that neither a directive nor the baseline keeps quiet.
    pub fn active(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.suppression.is_none())
    }

    /// How many active diagnostics have `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.active().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// How many active diagnostics offer a fix that promises this.
    pub fn fixable(&self, applicability: Applicability) -> usize {
        let fixes = self.active().filter_map(|diagnostic| diagnostic.finding.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    }

    /// The highest severity among the active diagnostics.
    pub fn worst(&self) -> Option<Severity> {
        self.active().map(|diagnostic| diagnostic.severity).max()
    }
}

/// `value` as indented JSON with a line end after it.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    // Strings, numbers and maps with string keys: nothing in the formats can fail to be written.
    let mut text = harmless_json(serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// `parts` as sentences: each begins with a capital and ends with a full stop, and one blank parts them.
fn sentences<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() {
            text.push(' ');
        }
        let mut rest = part.chars();
        text.extend(rest.next().map(|first| first.to_ascii_uppercase()));
        text.push_str(rest.as_str());
        if !part.ends_with(['.', '!', '?']) {
            text.push('.');
        }
    }
    text
}

/// `path` as a relative URI: percent-encoded, with no colon that could pass for a scheme.
fn uri(path: &RepoPath) -> String {
    percent_encoding::utf8_percent_encode(path.as_str(), NOT_IN_A_PATH).to_string()
}

/// All but RFC 3986's unreserved characters and the slash.
const NOT_IN_A_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
