//! Parts of shell text that something else replaces before the shell sees it: expressions, variables of make, parameters.

use std::ops::Range;

use crate::parse::embedded::Embedded;
use crate::resolve::Text;
use crate::resolve::alternatives::{Alternatives, joined};
use crate::resolve::shell::{FIRST_PLACEHOLDER, State};

/// How many parts one text may have: each takes one private character.
const MAX_PARTS: usize = 6_000;

/// The text with a private character in place of each part; `state` learns what each stands for. Parts must be in order
/// and apart.
pub(in crate::model) fn with_placeholders(
    text: &Embedded,
    parts: impl IntoIterator<Item = (Range<usize>, Alternatives)>,
    state: &mut State,
) -> Embedded {
    let mut result = Embedded::new(text.file());
    let mut at = 0;
    for (range, values) in parts.into_iter().take(MAX_PARTS) {
        result.push_from(text, at..range.start);
        let index = FIRST_PLACEHOLDER as u32 + state.placeholders.len() as u32;
        let placeholder = char::from_u32(index).unwrap_or(FIRST_PLACEHOLDER);
        result.push_for(&placeholder.to_string(), text.span(range.clone()));
        state.placeholders.push(values);
        at = range.end;
    }
    result.push_from(text, at..text.as_str().len());
    result
}

/// What a text stands for with what something else puts in the place of each part. Parts must be in order and apart.
pub(in crate::model) fn substituted(
    text: &Embedded,
    parts: impl IntoIterator<Item = (Range<usize>, Alternatives)>,
) -> Alternatives {
    let whole = text.span(0..text.as_str().len());
    let literal = |range: Range<usize>| {
        vec![Text::literal(text.as_str().get(range.clone()).unwrap_or_default(), text.span(range))]
    };
    let mut values = vec![Text::empty()];
    let mut done = 0;
    for (range, inner) in parts.into_iter().take(MAX_PARTS) {
        values = joined(&values, &literal(done..range.start), whole);
        values = joined(&values, &inner, whole);
        done = range.end;
    }
    joined(&values, &literal(done..text.as_str().len()), whole)
}

/// The values of a text in which private characters stand for what something else has put in.
pub(super) fn filled(text: &Text, placeholders: &[Alternatives]) -> Alternatives {
    let written = text.render('\u{1}');
    let value = |character: char| {
        let index = (character as usize).checked_sub(FIRST_PLACEHOLDER as usize)?;
        placeholders.get(index)
    };
    let mut values = vec![Text::empty()];
    let (mut rest, mut at) = (text.clone(), 0);
    for (offset, character) in written.char_indices() {
        let Some(inner) = value(character) else { continue };
        let (before, behind) = rest.split_at(offset - at);
        let (placeholder, behind) = behind.split_at(character.len_utf8());
        let Some(place) = placeholder.last_literal().map(|literal| literal.at) else { continue };
        values = joined(&joined(&values, &vec![before], place), inner, place);
        (rest, at) = (behind, offset + character.len_utf8());
    }
    for value in &mut values {
        value.append(&rest);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    #[test]
    fn private_characters_become_what_they_stand_for() {
        let at = Span::start_of(FileId(0));
        let value = |text: &str| vec![Text::literal(text, at)];
        let text = Text::literal("\u{e000}/web:\u{e001}!", at);
        let filled = filled(&text, &[value("r.io"), value("latest")]);
        assert_eq!(filled.iter().map(ToString::to_string).collect::<Vec<_>>(), ["r.io/web:latest!"]);
        assert_eq!(super::filled(&Text::literal("a\u{e005}", at), &[])[0].to_string(), "a\u{e005}");
    }
}
