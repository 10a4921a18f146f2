//! Logical lines of a Dockerfile: continuations joined, comments dropped, here-documents set apart.

use std::ops::Range;

use policy_text::embedded::Embedded;
use policy_text::source::Span;

use super::words::{self, Word};

/// Reads logical lines one by one.
pub(super) struct Reader<'t> {
    source: &'t Embedded,
    text: &'t str,
    next: usize,
    /// The character that continues lines.
    pub(super) escape: char,
}

/// One instruction's text, from which every range can be traced back to the file.
pub(super) struct Line<'t> {
    source: &'t Embedded,
    /// The instruction with its continuation lines joined.
    pub(super) text: String,
    /// Pairs of an offset in `text` and the offset in the source that it stands for, ascending.
    pieces: Vec<(usize, usize)>,
    pub(super) escape: char,
    /// The texts of its here-documents, in order.
    pub(super) documents: Vec<Document<'t>>,
    /// The marker of a here-document that the file does not close.
    pub(super) unterminated: Option<Span>,
    /// What is meant for a marker and is none, because a space follows `<<`: Docker takes its text for instructions.
    pub(super) no_marker: Option<Span>,
}

/// The text between a here-document's marker and its end.
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) at: Span,
}

/// A here-document announced on a line.
struct Marker {
    name: String,
    /// Whether tabs before the closing name are dropped.
    strip_tabs: bool,
    at: Range<usize>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(source: &'t Embedded) -> Self {
        let text = source.as_str();
        let next = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut reader = Self { source, text, next, escape: '\\' };
        reader.escape = reader.directive_escape();
        reader
    }

    /// The value of an `# escape=` directive among the directives that open the file.
    fn directive_escape(&self) -> char {
        let rest = self.text.get(self.next..).unwrap_or_default();
        for line in rest.lines() {
            let Some((key, value)) =
                line.trim_start().strip_prefix('#').and_then(|line| line.split_once('='))
            else {
                break;
            };
            let key = key.trim();
            if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                break;
            }
            if key.eq_ignore_ascii_case("escape") {
                return if value.trim() == "`" { '`' } else { '\\' };
            }
        }
        '\\'
    }

    /// The next line of the file without its end, and where it begins.
    fn physical(&mut self) -> Option<(usize, &'t str)> {
        let start = self.next;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        self.next = start + length;
        let line = rest.get(..length)?;
        Some((start, line.trim_end_matches('\n').trim_end_matches('\r')))
    }

    /// The next instruction. `None` at the end of the file.
    pub(super) fn next_line(&mut self) -> Option<Line<'t>> {
        let (start, first) = loop {
            let (start, line) = self.physical()?;
            let content = line.trim_start();
            if !content.is_empty() && !content.starts_with('#') {
                break (start + line.len() - content.len(), content);
            }
        };
        let mut line = Line {
            source: self.source,
            text: String::new(),
            pieces: Vec::new(),
            escape: self.escape,
            documents: Vec::new(),
            unterminated: None,
            no_marker: None,
        };
        let mut continued = line.push(start, first);
        while continued {
            let Some((start, next)) = self.physical() else { break };
            let content = next.trim_start();
            if !content.is_empty() && !content.starts_with('#') {
                continued = line.push(start, next);
            }
        }
        self.read_documents(&mut line);
        self.pass_over_spaced(&mut line);
        Some(line)
    }

    fn read_documents(&mut self, line: &mut Line<'t>) {
        for marker in line.markers() {
            let start = self.next;
            let end = loop {
                let Some((at, text)) = self.physical() else {
                    line.unterminated = line.unterminated.or(Some(line.span(marker.at.clone())));
                    break self.text.len();
                };
                let text = if marker.strip_tabs { text.trim_start_matches('\t') } else { text };
                if text == marker.name {
                    break at;
                }
            };
            let text = self.text.get(start..end).unwrap_or_default();
            line.documents.push(Document { text, at: self.source.span(start..end) });
        }
    }

    /// Passes over the text that a shell would take for a here-document and Docker does not, if the file closes it.
    fn pass_over_spaced(&mut self, line: &mut Line<'t>) {
        for marker in line.spaced_markers() {
            let before = self.next;
            while let Some((_, text)) = self.physical() {
                let text = if marker.strip_tabs { text.trim_start_matches('\t') } else { text };
                if text == marker.name {
                    line.no_marker = line.no_marker.or(Some(line.span(marker.at.clone())));
                    break;
                }
            }
            if line.no_marker.is_none() {
                self.next = before;
            }
        }
    }
}

impl Line<'_> {
    /// Appends a physical line. True where it is continued on the next.
    fn push(&mut self, start: usize, content: &str) -> bool {
        self.pieces.push((self.text.len(), start));
        let trimmed = content.trim_end_matches([' ', '\t']);
        match trimmed.strip_suffix(self.escape) {
            // An escape character that is itself escaped continues nothing.
            Some(before) if !before.ends_with(self.escape) => {
                self.text.push_str(before);
                true
            }
            _ => {
                self.text.push_str(content);
                false
            }
        }
    }

    /// The place of a part of the joined text. It reaches over the line ends and comments in between.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = self.source_offset(range.start);
        let end = if range.is_empty() { start } else { self.source_offset(range.end - 1) + 1 };
        self.source.span(start..end)
    }

    fn source_offset(&self, offset: usize) -> usize {
        let index = self.pieces.partition_point(|(joined, _)| *joined <= offset).saturating_sub(1);
        self.pieces.get(index).map_or(0, |(joined, source)| source + (offset - joined))
    }

    /// The place of the whole instruction, without white space at its end.
    pub(super) fn at(&self) -> Span {
        self.span(0..self.text.trim_end().len())
    }

    /// The instruction's name, and where the rest begins.
    pub(super) fn keyword(&self) -> (Word, usize) {
        let end = self.text.find(char::is_whitespace).unwrap_or(self.text.len());
        (self.word(0..end), self.skip_white_space(end))
    }

    /// The word at `range` of the joined text.
    pub(super) fn word(&self, range: Range<usize>) -> Word {
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        Word { text, at: self.span(range) }
    }

    /// The first offset from `from` on that holds no white space.
    pub(super) fn skip_white_space(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        from + (rest.len() - rest.trim_start().len())
    }

    /// The here-documents that the line announces. Only three instructions take them, and not in their JSON form.
    fn markers(&self) -> Vec<Marker> {
        let (mut keyword, mut rest) = self.keyword();
        if keyword.text.eq_ignore_ascii_case("ONBUILD") {
            let from = rest;
            let tail = self.text.get(from..).unwrap_or_default();
            let end = from + tail.find(char::is_whitespace).unwrap_or(tail.len());
            keyword = self.word(from..end);
            rest = self.skip_white_space(end);
        }
        let takes_documents =
            ["RUN", "COPY", "ADD"].iter().any(|name| keyword.text.eq_ignore_ascii_case(name));
        let tail = self.text.get(rest..).unwrap_or_default();
        if !takes_documents || !tail.contains("<<") || tail.starts_with('[') {
            return Vec::new();
        }
        words::shell_words(self, rest).into_iter().filter_map(|range| self.marker(range)).collect()
    }

    /// Markers with a space between `<<` and the name, which only shells take for such.
    fn spaced_markers(&self) -> Vec<Marker> {
        let (keyword, rest) = self.keyword();
        let tail = self.text.get(rest..).unwrap_or_default();
        let is_run = keyword.text.eq_ignore_ascii_case("RUN") && !tail.starts_with('[');
        if !is_run || !(tail.contains("<< ") || tail.contains("<<- ")) {
            return Vec::new();
        }
        let words = words::shell_words(self, rest);
        let pairs = words.iter().zip(words.iter().skip(1));
        let marker = |(arrows, name): (&Range<usize>, &Range<usize>)| {
            let written = self.text.get(arrows.clone())?;
            let alone = written.trim_start_matches(|digit: char| digit.is_ascii_digit());
            let strip_tabs = alone == "<<-";
            (strip_tabs || alone == "<<").then_some(())?;
            let at = arrows.start..name.end;
            let name = self.text.get(name.clone())?.replace(['"', '\''], "");
            Some(Marker { name, strip_tabs, at })
        };
        pairs.filter_map(marker).collect()
    }

    fn marker(&self, range: Range<usize>) -> Option<Marker> {
        let written = self.text.get(range.clone())?;
        let after = written.trim_start_matches(|digit: char| digit.is_ascii_digit()).strip_prefix("<<")?;
        let (strip_tabs, name) = after.strip_prefix('-').map_or((false, after), |name| (true, name));
        let name = name.replace(['"', '\''], "").replace(self.escape, "");
        let valid = !name.is_empty() && !name.contains('<');
        valid.then_some(Marker { name, strip_tabs, at: range })
    }
}
