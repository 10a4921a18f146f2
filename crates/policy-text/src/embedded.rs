//! Text that stands inside a file in another form than its own: unindented, unescaped, joined, with parts replaced.

use std::ops::Range;

use crate::source::{FileId, Span};

/// Such a text, and for every part of it the place in the file it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    text: String,
    file: FileId,
    parts: Vec<Part>,
}

/// Invariant: parts are in the order of `at` and cover the text without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    at: u32,
    /// The file of `source`: a template can take text from others.
    file: FileId,
    source: Range<u32>,
    /// Whether each byte of the part stands at its own place in the source.
    verbatim: bool,
}

impl Embedded {
    /// No text yet.
    pub fn new(file: FileId) -> Self {
        Self { text: String::new(), file, parts: Vec::new() }
    }

    /// The whole text of a file.
    pub fn whole(file: FileId, text: &str) -> Self {
        Self::slice(file, text, 0)
    }

    /// Text that stands unchanged in the file from byte `start`.
    pub fn slice(file: FileId, text: &str, start: usize) -> Self {
        let mut whole = Self::new(file);
        whole.push(text, start);
        whole
    }

    /// Adds text that stands unchanged in the file from byte `start`.
    pub fn push(&mut self, text: &str, start: usize) {
        self.push_verbatim(text, Span::new(self.file, start..start + text.len()));
    }

    fn push_verbatim(&mut self, text: &str, source: Span) {
        let at = self.text.len() as u32;
        let Span { file, start, end } = source;
        self.text.push_str(text);
        match self.parts.last_mut() {
            Some(last) if last.verbatim && last.file == file && last.source.end == start => {
                last.source.end = end;
            }
            _ if !text.is_empty() => self.parts.push(Part { at, file, source: start..end, verbatim: true }),
            _ => {}
        }
    }

    /// Adds text that stands for the bytes `source` of the file.
    pub fn push_replacement(&mut self, text: &str, source: Range<usize>) {
        self.push_for(text, Span::new(self.file, source));
    }

    /// Adds text that stands for a place of any file.
    pub fn push_for(&mut self, text: &str, source: Span) {
        if !text.is_empty() {
            let at = self.text.len() as u32;
            self.text.push_str(text);
            let Span { file, start, end } = source;
            self.parts.push(Part { at, file, source: start..end, verbatim: false });
        }
    }

    /// Adds text from a place of any file, where it stands unchanged if it is as long as the text.
    pub fn push_at(&mut self, text: &str, source: Span) {
        if source.range().len() == text.len() {
            self.push_verbatim(text, source);
        } else {
            self.push_for(text, source);
        }
    }

    /// Adds a part of another embedded text.
    pub fn push_from(&mut self, other: &Embedded, range: Range<usize>) {
        let Some(text) = other.text.get(range.clone()) else { return };
        let mut done = 0;
        let first = other.parts.partition_point(|part| part.at as usize <= range.start).saturating_sub(1);
        for (index, part) in other.parts.iter().enumerate().skip(first) {
            if part.at as usize >= range.end {
                break;
            }
            let end = other.parts.get(index + 1).map_or(other.text.len(), |next| next.at as usize);
            let from = range.start.max(part.at as usize);
            let to = range.end.min(end);
            if from >= to {
                break;
            }
            let piece = text.get(done..done + (to - from)).unwrap_or_default();
            done += to - from;
            let start = part.source.start as usize;
            if part.verbatim {
                let start = start + (from - part.at as usize);
                self.push_verbatim(piece, Span::new(part.file, start..start + piece.len()));
            } else {
                self.push_for(piece, Span::new(part.file, start..part.source.end as usize));
            }
        }
    }

    /// The same text, where its places so far were places in `outer`.
    #[must_use]
    pub fn inside(self, outer: &Embedded) -> Self {
        let mut text = Self::new(outer.file);
        for (index, part) in self.parts.iter().enumerate() {
            let end = self.parts.get(index + 1).map_or(self.text.len(), |next| next.at as usize);
            let piece = self.text.get(part.at as usize..end).unwrap_or_default();
            let source = part.source.start as usize..part.source.end as usize;
            if part.verbatim {
                text.push_from(outer, source);
            } else {
                text.push_for(piece, outer.span(source));
            }
        }
        text
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The file it stands in, or most of it.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The place in the file of the bytes `range` of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.source(range.start);
        let last = if range.end > range.start {
            self.source(range.end - 1)
        } else {
            Span { end: start.start, ..start }
        };
        // What begins in one file and ends in another stands where it begins.
        if last.file == start.file { Span { end: last.end.max(start.start), ..start } } else { start }
    }

    /// The place of the text's byte at `offset`; past the end, the empty place where the source ends.
    fn source(&self, offset: usize) -> Span {
        let index = self.parts.partition_point(|part| part.at as usize <= offset);
        let Some(part) = index.checked_sub(1).and_then(|index| self.parts.get(index)) else {
            return Span::new(self.file, 0..0);
        };
        let (from, to) = (part.source.start as usize, part.source.end as usize);
        if !part.verbatim {
            return Span::new(part.file, from..to);
        }
        let start = (from + (offset - part.at as usize)).min(to);
        Span::new(part.file, start..(start + 1).min(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_its_place() {
        // In the file: `  ab\n  cd` with the indentation taken away, then `&amp;` read as `&`.
        let mut text = Embedded::new(FileId(0));
        text.push("ab\n", 2);
        text.push("cd", 7);
        text.push_replacement("&", 9..14);
        assert_eq!(text.as_str(), "ab\ncd&");
        assert_eq!(text.span(1..4).range(), 3..8);
        assert_eq!(text.span(5..6).range(), 9..14);
        assert_eq!(text.span(6..6).range(), 9..9);

        let mut part = Embedded::new(FileId(0));
        part.push_from(&text, 1..6);
        assert_eq!(part.as_str(), "b\ncd&");
        assert_eq!(part.span(0..1).range(), 3..4);
        assert_eq!(part.span(2..5).range(), 7..14);
    }

    #[test]
    fn parts_of_other_files_know_theirs() {
        let mut text = Embedded::whole(FileId(0), "image: ");
        text.push_at("web:1", Span::new(FileId(1), 40..45));
        text.push_for("x", Span::new(FileId(2), 7..9));
        assert_eq!(text.span(11..12), Span::new(FileId(1), 44..45));
        assert_eq!(text.span(12..13), Span::new(FileId(2), 7..9));
        assert_eq!(text.span(0..8), Span::new(FileId(0), 0..1));
    }
}
