//! Parts of shell text that something else replaces before the shell sees it: expressions, variables of make, parameters.

use std::ops::Range;

use policy_shell::resolve::{State, placeholder_index};
use policy_text::embedded::Embedded;
use policy_text::value::Text;
use policy_text::value::alternatives::{Alternatives, append};

/// The text with a private character in place of each part; `state` learns what each stands for. Parts must be in order
/// and apart. Those for which no character is left stay as they are.
pub(crate) fn with_placeholders(
    text: &Embedded,
    parts: impl IntoIterator<Item = (Range<usize>, Alternatives)>,
    state: &mut State,
) -> Embedded {
    let mut result = Embedded::new(text.file());
    let mut at = 0;
    for (range, values) in parts {
        let Some(placeholder) = state.stand_in(values) else { break };
        result.push_from(text, at..range.start);
        result.push_for(&placeholder.to_string(), text.span(range.clone()));
        at = range.end;
    }
    result.push_from(text, at..text.as_str().len());
    result
}

/// What a text stands for with what something else puts in the place of each part. Parts must be in order and apart.
pub(crate) fn substituted(
    text: &Embedded,
    parts: impl IntoIterator<Item = (Range<usize>, Alternatives)>,
) -> Alternatives {
    let whole = text.span(0..text.as_str().len());
    let literal = |range: Range<usize>| {
        [Text::literal(text.as_str().get(range.clone()).unwrap_or_default(), text.span(range))]
    };
    let mut values = vec![Text::empty()];
    let mut done = 0;
    for (range, inner) in parts {
        append(&mut values, &literal(done..range.start), whole);
        append(&mut values, &inner, whole);
        done = range.end;
    }
    append(&mut values, &literal(done..text.as_str().len()), whole);
    values
}

/// The values of a text in which private characters stand for what something else has put in.
pub(super) fn filled(text: &Text, placeholders: &[Alternatives]) -> Alternatives {
    let value = |character: char| placeholders.get(placeholder_index(character)?);
    let mut values = vec![Text::empty()];
    let mut rest = text.clone();
    while let Some((before, behind)) = rest.split_once(|character| value(character).is_some()) {
        let placeholder = rest.slice(before.len()..rest.len() - behind.len());
        let inner = placeholder.known().and_then(|written| value(written.chars().next()?));
        let (Some(inner), Some(place)) = (inner, placeholder.place()) else { break };
        append(&mut values, &[before], place);
        append(&mut values, inner, place);
        rest = behind;
    }
    for value in &mut values {
        value.append(&rest);
    }
    values
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};

    use super::*;

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
