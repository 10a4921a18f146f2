//! Parts of shell text that something else replaces before the shell sees it: expressions, variables of make, parameters.

use std::ops::Range;

use crate::parse::embedded::Embedded;
use crate::resolve::alternatives::Alternatives;
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
        result.push_replacement(&placeholder.to_string(), text.span(range.clone()).range());
        state.placeholders.push(values);
        at = range.end;
    }
    result.push_from(text, at..text.as_str().len());
    result
}
