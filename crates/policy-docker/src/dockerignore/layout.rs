//! How an ignore file is laid out, for those who add lines to it.

use policy_text::source::{FileId, Span};

/// Where lines can be added, and how lines end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Behind the last line that says something.
    pub end: Place,
    /// The parts of the file that a comment begins, in order. Empty where comments do not divide it.
    pub groups: Vec<Group>,
    /// Whether lines end with `\r\n`.
    pub crlf: bool,
}

/// A place behind a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The empty span.
    pub at: Span,
    /// Whether the line before it is closed by a line end. True where there is none.
    pub closed: bool,
}

/// Patterns below a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The comment as it is written.
    pub comment: String,
    /// Behind the last of its patterns.
    pub end: Place,
}

impl Layout {
    pub(super) fn of(file: FileId, text: &str) -> Self {
        let start = Place { at: Span::new(file, 0..0), closed: true };
        let mut layout = Self { end: start, groups: Vec::new(), crlf: text.contains("\r\n") };
        let mut comment: Option<String> = None;
        let mut in_group = false;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            at += line.len();
            let said = line.trim();
            if said.is_empty() {
                continue;
            }
            layout.end = Place { at: Span::new(file, at..at), closed: line.ends_with('\n') };
            if line.starts_with('#') {
                let comment = comment.get_or_insert_default();
                comment.push_str(said);
                comment.push('\n');
            } else if let Some(comment) = comment.take() {
                layout.groups.push(Group { comment, end: layout.end });
                in_group = true;
            } else if let Some(group) = layout.groups.last_mut().filter(|_| in_group) {
                group.end = layout.end;
            }
        }
        if layout.groups.len() < 2 {
            layout.groups.clear();
        }
        layout
    }
}
