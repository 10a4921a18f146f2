//! The text of one file, and the lines and columns of places in it.

use std::ops::Range;
use std::sync::Arc;

/// A place for people: both numbers count from one. The column counts Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// A file's decoded text with the beginnings of its lines.
#[derive(Clone, Debug)]
pub struct SourceText {
    text: Arc<str>,
    line_starts: Vec<u32>,
}

impl SourceText {
    /// Indexes the lines of `text`. A line ends with `\n`; a `\r` before it belongs to the line end.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1))
            .collect();
        Self { text, line_starts }
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text in `range`, cut to the text and to character boundaries.
    pub fn slice(&self, range: Range<usize>) -> &str {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.floor_char_boundary(range.end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// How many lines the text has; an empty text has one.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The line that holds `offset`, from 1. Offsets past the end belong to the last line.
    pub fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start as usize <= offset).max(1)
    }

    /// The bytes of `line` (from 1) without its line end. Empty past the end.
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let Some(&start) = line.checked_sub(1).and_then(|index| self.line_starts.get(index)) else {
            return self.text.len()..self.text.len();
        };
        let start = start as usize;
        let end = self.line_starts.get(line).map_or(self.text.len(), |&next| next as usize);
        let content = self.slice(start..end);
        start..start + content.trim_end_matches('\n').trim_end_matches('\r').len()
    }

    /// Line and column of `offset`.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let line = self.line_of(offset);
        let start = self.line_range(line).start;
        LineColumn { line, column: self.slice(start..offset.max(start)).chars().count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let text = SourceText::new("a\r\nü = 1\n");
        assert_eq!(text.line_column(0), LineColumn { line: 1, column: 1 });
        assert_eq!(text.line_column(5), LineColumn { line: 2, column: 2 });
        assert_eq!(text.line_range(1), 0..1);
        assert_eq!(text.line_column(999).line, 3);
    }

    #[test]
    fn slicing_inside_a_character_gives_whole_characters() {
        assert_eq!(SourceText::new("ü").slice(1..2), "ü");
        assert_eq!(SourceText::new("abc").slice(2..900), "c");
    }
}
