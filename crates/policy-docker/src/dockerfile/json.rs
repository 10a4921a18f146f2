//! The JSON form of an instruction: `["executable", "argument"]`.

use std::ops::Range;

use super::lines::Line;
use super::words::Word;

/// The strings of the array at `from`, or `None` where Docker falls back to the shell form.
pub(super) fn strings(line: &Line<'_>, from: usize) -> Option<Vec<Word>> {
    let rest = line.text.get(from..)?.trim_end();
    let mut inner = rest.strip_prefix('[')?.strip_suffix(']')?;
    let offset = |part: &str| part.as_ptr() as usize - line.text.as_ptr() as usize;
    let mut words = Vec::new();
    loop {
        inner = inner.trim_start();
        if inner.is_empty() && words.is_empty() {
            return Some(words);
        }
        let quoted = inner.get(..string_length(inner)?)?;
        let start = offset(quoted);
        let range: Range<usize> = start + 1..start + quoted.len() - 1;
        words.push(Word { text: serde_json::from_str(quoted).ok()?, at: line.span(range) });
        inner = inner.get(quoted.len()..)?.trim_start();
        match inner.strip_prefix(',') {
            Some(after) => inner = after,
            None => return inner.is_empty().then_some(words),
        }
    }
}

/// The length of the JSON string at the start of `text`, with its quotes.
fn string_length(text: &str) -> Option<usize> {
    let mut characters = text.strip_prefix('"')?.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some(at + 2),
            '\\' => {
                characters.next();
            }
            _ => {}
        }
    }
    None
}
