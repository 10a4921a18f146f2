//! What a check came to: diagnostics with all that a reporter needs to show them, and nothing left to look up.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::parse::FileKind;
use crate::resolve::Unresolved;
use crate::rule::Card;
use crate::source::{FileId, RepoPath, SourceText, Span, Unlisted};

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
    /// Values that could not be known.
    pub unresolved: Vec<Unresolved>,
    /// Places of the tree that could not be listed.
    pub unlisted: Vec<Unlisted>,
}

/// A finding with what the engine knows about its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's id.
    pub rule: String,
    /// The severity that counts, after the settings.
    pub severity: Severity,
    /// What was found.
    pub finding: Finding,
    /// The directive in the source that allows it.
    pub suppression: Option<Suppression>,
}

/// A directive in the source that allows a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where the directive is.
    pub at: Span,
    /// The reason it gives; never empty.
    pub reason: String,
}

/// A file that the report points into.
#[derive(Clone, Debug)]
pub struct ReportFile {
    /// Its path.
    pub path: RepoPath,
    /// Its text; empty where it could not be read.
    pub text: SourceText,
}

impl Report {
    /// The diagnostics that nothing in the source allows.
    pub fn active(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.suppression.is_none())
    }

    /// How many active diagnostics have `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        self.active().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The highest severity among the active diagnostics.
    pub fn worst(&self) -> Option<Severity> {
        self.active().map(|diagnostic| diagnostic.severity).max()
    }
}
