//! `.env` files: assignments as the `dotenv` package reads them, expanded as `dotenv-expand` does.

use std::ops::Range;

use memchr::memchr;

/// One assignment of a `.env` file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    /// The bytes of the value, without quotes.
    pub(super) range: Range<usize>,
    /// The parts of the value from left to right.
    pub(super) parts: Vec<Part>,
}

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Characters, and the bytes that they are written with.
    Literal(String, Range<usize>),
    /// `$NAME`, `${NAME}` or `${NAME:-default}`.
    Variable { name: String, default: Option<String>, range: Range<usize> },
}

/// Reads the assignments of a file, in the order of the text. What is none is passed over, as `dotenv` does.
pub(super) fn parse(text: &str) -> Vec<Assignment> {
    let mut assignments = Vec::new();
    let mut at = text.len() - text.trim_start_matches('\u{feff}').len();
    while at < text.len() {
        let line_end = memchr(b'\n', tail(text, at).as_bytes()).map_or(text.len(), |length| at + length);
        let next = match text.get(at..line_end).and_then(|line| assignment(text, at, line)) {
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
fn assignment(text: &str, start: usize, line: &str) -> Option<(Assignment, usize)> {
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
    let parts = parts(text.get(range.clone())?, range.start, quote == Some('"'));
    let end = range.end;
    Some((Assignment { name: name.to_owned(), range, parts }, end))
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

/// Cuts a value, which begins at `start` of its file, into literals and variables.
fn parts(value: &str, start: usize, escapes: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let (mut at, mut literal_start) = (0, 0);
    while let Some(c) = tail(value, at).chars().next() {
        let rest = tail(value, at);
        let variable = if c == '$' { variable(rest) } else { None };
        if let Some((name, default, length)) = variable {
            let before = start + literal_start..start + at;
            parts.extend((!literal.is_empty()).then(|| Part::Literal(std::mem::take(&mut literal), before)));
            parts.push(Part::Variable { name, default, range: start + at..start + at + length });
            at += length;
            literal_start = at;
            continue;
        }
        let (written, length) = match (c, tail(rest, 1).chars().next()) {
            ('\\', Some('$')) => ('$', 2),
            ('\\', Some('n')) if escapes => ('\n', 2),
            ('\\', Some('r')) if escapes => ('\r', 2),
            _ => (c, c.len_utf8()),
        };
        literal.push(written);
        at += length;
    }
    parts.extend((!literal.is_empty()).then(|| Part::Literal(literal, start + literal_start..start + at)));
    parts
}

/// The variable that `text` begins with: its name, its default and how many bytes it takes.
fn variable(text: &str) -> Option<(String, Option<String>, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let after = text.strip_prefix('$')?;
    if let Some(braced) = after.strip_prefix('{') {
        let body = braced.get(..braced.find('}')?)?;
        let name = body.get(..body.find(|c| !is_name(c)).unwrap_or(body.len()))?;
        let default = body.get(name.len()..)?.trim_start_matches(':').strip_prefix('-').map(str::to_owned);
        return (!name.is_empty()).then(|| (name.to_owned(), default, body.len() + 3));
    }
    let name = after.get(..after.find(|c| !is_name(c)).unwrap_or(after.len()))?;
    // `$5` in a password is no variable.
    name.starts_with(|c: char| !c.is_ascii_digit()).then(|| (name.to_owned(), None, name.len() + 1))
}

fn tail(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_values(text: &str, expected: &[(&str, &str)]) {
        let parsed = parse(text);
        let found: Vec<_> =
            parsed.iter().map(|entry| (entry.name.as_str(), &text[entry.range.clone()])).collect();
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
        let parsed = parse("A=ws://${HOST:-x}:$PORT/\\$y$1");
        let written: Vec<_> = parsed[0]
            .parts
            .iter()
            .map(|part| match part {
                Part::Literal(text, _) => text.clone(),
                Part::Variable { name, default, .. } => format!("<{name} {default:?}>"),
            })
            .collect();
        assert_eq!(written, ["ws://", "<HOST Some(\"x\")>", ":", "<PORT None>", "/$y$1"]);
    }

    #[test]
    fn every_part_has_its_place() {
        let text = "A=\"a\\n${B}c\"";
        let ranges: Vec<_> = parse(text)[0]
            .parts
            .iter()
            .map(|part| match part {
                Part::Literal(_, range) | Part::Variable { range, .. } => &text[range.clone()],
            })
            .collect();
        assert_eq!(ranges, ["a\\n", "${B}", "c"]);
    }
}
