//! Words of an instruction: flags, lists and quoted strings.

use std::ops::Range;

use policy_text::source::Span;

use super::lines::Line;

/// A word as written, with its quotes and variables, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The characters, without line continuations.
    pub text: String,
    /// The place.
    pub at: Span,
}

/// `--name=value` or `--name` before an instruction's arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// The name without the dashes.
    pub name: String,
    /// The value; empty for a bare flag.
    pub value: Word,
}

/// Reads the flags at `from` and returns where the arguments begin.
pub(super) fn flags(line: &Line<'_>, from: usize) -> (Vec<Flag>, usize) {
    let mut flags = Vec::new();
    let mut next = from;
    while line.text.get(next..).is_some_and(|rest| rest.starts_with("--")) {
        let end = word_end(line, next);
        let word = line.text.get(next + 2..end).unwrap_or_default();
        if word.is_empty() {
            return (flags, line.skip_white_space(end));
        }
        let (name, value) = match word.split_once('=') {
            Some((name, _)) => (name.to_owned(), line.word(next + 3 + name.len()..end)),
            None => (word.to_owned(), line.word(end..end)),
        };
        flags.push(Flag { name, value });
        next = line.skip_white_space(end);
    }
    (flags, next)
}

/// The words from `from` on, cut at white space alone: `FROM`, `COPY` and `ADD` know no quotes at this stage.
pub(super) fn split(line: &Line<'_>, from: usize) -> Vec<Word> {
    let rest = line.text.get(from..).unwrap_or_default();
    rest.split_ascii_whitespace()
        .map(|word| {
            let start = word.as_ptr() as usize - line.text.as_ptr() as usize;
            line.word(start..start + word.len())
        })
        .collect()
}

/// The ranges of the words from `from` on, in which quotes and escapes hide white space.
pub(super) fn shell_words(line: &Line<'_>, from: usize) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut next = line.skip_white_space(from);
    while next < line.text.len() {
        let end = word_end(line, next);
        ranges.push(next..end);
        next = line.skip_white_space(end);
    }
    ranges
}

/// Where the word that begins at `start` ends: at white space that is neither quoted nor escaped.
fn word_end(line: &Line<'_>, start: usize) -> usize {
    let rest = line.text.get(start..).unwrap_or_default();
    let mut quote = None;
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        match (character, quote) {
            (escape, None | Some('"')) if escape == line.escape => {
                characters.next();
            }
            ('"' | '\'', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            (space, None) if space.is_whitespace() => return start + at,
            _ => {}
        }
    }
    line.text.len()
}
