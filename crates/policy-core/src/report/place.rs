//! Spans as people and other programs read them: a path, lines and columns.

use policy_text::source::{LineColumn, RepoPath, Span};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Report, ReportFile};

/// A span with its path and its lines and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'r> {
    /// The file's path.
    pub path: &'r RepoPath,
    /// The first character.
    pub start: LineColumn,
    /// After the last character.
    pub end: LineColumn,
}

impl Report {
    /// The file that `span` lies in. `None` for a file that nothing in this report points into.
    pub fn file(&self, span: Span) -> Option<&ReportFile> {
        self.files.get(&span.file)
    }

    /// Where `span` is. `None` as for [`Report::file`].
    pub fn place(&self, span: Span) -> Option<Place<'_>> {
        let file = self.file(span)?;
        Some(Place {
            path: &file.path,
            start: file.text.line_column(span.start as usize),
            end: file.text.line_column(span.end as usize),
        })
    }
}

/// Line and column as the machine formats of our own write them.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(super) struct Point {
    line: usize,
    column: usize,
}

impl From<LineColumn> for Point {
    fn from(at: LineColumn) -> Self {
        Self { line: at.line, column: at.column }
    }
}
