//! `.env` files: assignments as the `dotenv` package reads them, expanded as `dotenv-expand` does.

use std::ops::Range;

use memchr::memchr;
use policy_text::embedded::Embedded;
use policy_text::expansion::{self, Dialect, Substitute, Variable};
use policy_text::source::FileId;
use policy_text::value::Text;

const DOTENV: Dialect = Dialect { doubled_dollar: false, escape: Some('\\'), quotes: false };

/// One assignment of a `.env` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    /// The value without quotes and with its variables.
    value: Embedded,
}

impl Assignment {
    /// The value with what `substitute` says in the place of its variables.
    pub(super) fn value(&self, substitute: impl FnMut(&Variable<'_>) -> Substitute) -> Text {
        expansion::expand(&self.value, DOTENV, substitute)
    }
}

/// Reads the assignments of a file, in the order of the text. What is none is passed over, as `dotenv` does.
pub(super) fn parse(file: FileId, text: &str) -> Vec<Assignment> {
    let mut assignments = Vec::new();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while at < text.len() {
        let line_end = memchr(b'\n', tail(text, at).as_bytes()).map_or(text.len(), |length| at + length);
        let next = match text.get(at..line_end).and_then(|line| assignment(file, text, at, line)) {
            Some((assignment, end)) => {
                assignments.push(assignment);
                memchr(b'\n', tail(text, end).as_bytes()).map_or(text.len(), |length| end + length)
            }
            None => line_end,
        };
        at = next + 1;
    }
    assignments
}

/// The assignment that `line`, which begins at `start`, begins; and where its value ends.
fn assignment(file: FileId, text: &str, start: usize, line: &str) -> Option<(Assignment, usize)> {
    let unindented = line.trim_start();
    let body = unindented.strip_prefix("export ").map_or(unindented, str::trim_start);
    let length = body.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')))?;
    let (name, rest) = body.split_at_checked(length)?;
    let rest = rest.trim_start();
    let value = rest.strip_prefix('=').or_else(|| rest.strip_prefix(": "))?.trim_start();
    if name.is_empty() {
        return None;
    }
    let from = start + line.len() - value.len();
    let (range, quote) = value_range(text, from, value);
    let end = range.end;
    let written = text.get(range.clone())?;
    let value = match quote {
        Some('"') => with_line_ends(file, written, range.start),
        _ => Embedded::slice(file, written, range.start),
    };
    Some((Assignment { name: name.to_owned(), value }, end))
}

/// The bytes of the value that begins at `from`, and its quote. A quoted value may take several lines; a quote that is
/// never closed is a character like others.
fn value_range(text: &str, from: usize, line: &str) -> (Range<usize>, Option<char>) {
    if let Some(quote @ ('"' | '\'' | '`')) = line.chars().next()
        && let Some(length) = closing_quote(tail(text, from + 1), quote)
    {
        return (from + 1..from + 1 + length, Some(quote));
    }
    let value = line.split_once('#').map_or(line, |(value, _)| value).trim_end();
    (from..from + value.len(), None)
}

fn closing_quote(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (offset, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(offset),
            _ => {}
        }
    }
    None
}

/// A value, which begins at `start` of its file, with the line ends that `\n` and `\r` stand for.
fn with_line_ends(file: FileId, written: &str, start: usize) -> Embedded {
    let mut value = Embedded::new(file);
    let mut done = 0;
    for (at, _) in written.match_indices('\\') {
        let line_end = match tail(written, at + 1).chars().next() {
            Some('n') => "\n",
            Some('r') => "\r",
            _ => continue,
        };
        value.push(written.get(done..at).unwrap_or_default(), start + done);
        value.push_replacement(line_end, start + at..start + at + 2);
        done = at + 2;
    }
    value.push(tail(written, done), start + done);
    value
}

fn tail(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use policy_text::value::Piece;

    use super::*;

    fn read(text: &str) -> Vec<Assignment> {
        parse(FileId(0), text)
    }

    /// What the first assignment makes of its value where nothing sets a variable.
    fn first_value(text: &str) -> Text {
        read(text)[0].value(|variable| match variable.operator {
            Some(_) => Substitute::Word,
            None => Substitute::Text(Text::literal(format!("<{}>", variable.name), variable.at)),
        })
    }

    #[track_caller]
    fn assert_values(text: &str, expected: &[(&str, &str)]) {
        let parsed = read(text);
        let found: Vec<_> = parsed.iter().map(|entry| (entry.name.as_str(), entry.value.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn comments_quotes_and_exports() {
        assert_values(
            "\u{feff}# none\nA=ws://x:8000/ # local\r\n  export B = 'a # b' # c\nC=\nnone\nD: d\n=x\nE=\"it's\"",
            &[("A", "ws://x:8000/"), ("B", "a # b"), ("C", ""), ("D", "d"), ("E", "it's")],
        );
    }

    #[test]
    fn a_quoted_value_may_take_several_lines_and_an_open_quote_takes_none() {
        assert_values("A=\"1\n2\"\nB=3", &[("A", "1\n2"), ("B", "3")]);
        assert_values("A=\"1\nB=3", &[("A", "\"1"), ("B", "3")]);
    }

    #[test]
    fn variables_are_told_from_their_surroundings() {
        let value = first_value("A=ws://${HOST:-x}:$PORT/\\$y$1");
        assert_eq!(value.to_string(), "ws://x:<PORT>/$y$1");
        assert_eq!(first_value("A=${HOST:-$NAME.${ZONE-b}}").to_string(), "<NAME>.b");
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "A=\"a\\n${B}c\"";
        let value = first_value(text);
        let ranges: Vec<_> = value
            .pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Literal(_, provenance) => &text[provenance.at.range()],
                Piece::Hole(hole) => &text[hole.at.range()],
            })
            .collect();
        assert_eq!(ranges, ["a\\n", "${B}", "c"]);
    }
}
