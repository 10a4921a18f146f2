//! Values that can be one of a few texts, by the branch that was taken or the word of a loop.

use super::{Origin, Text};
use crate::source::Span;

/// How many texts one value can be.
pub const MAX_ALTERNATIVES: usize = 16;

/// The texts a value can be; never empty.
pub type Alternatives = Vec<Text>;

/// How many pieces a text may have once another of several is put behind it: variables that are put into one another
/// grow without end.
const MAX_PIECES: usize = 4_096;

/// Puts one of `right` behind each of `left`, in every way. What has too many ways or is too long is a hole at `at`.
pub fn append(left: &mut Alternatives, right: &[Text], at: Span) {
    if left.len() * right.len() > MAX_ALTERNATIVES {
        if left.len() > 1 {
            *left = vec![Text::empty()];
        }
        append_hole(left, "too many possible values", at);
    } else if longest(right) > 1 && longest(left) + longest(right) > MAX_PIECES {
        append_hole(left, "the value has too many parts", at);
    } else if let [only] = right {
        for text in left {
            text.append(only);
        }
    } else {
        let ways = left.iter().flat_map(|left| {
            right.iter().map(move |right| {
                let mut text = left.clone();
                text.append(right);
                text
            })
        });
        *left = ways.collect();
    }
}

fn append_hole(texts: &mut Alternatives, why: &'static str, at: Span) {
    let hole = Text::hole(Origin::Other(why.into()), at);
    for text in texts {
        text.append(&hole);
    }
}

fn longest(texts: &[Text]) -> usize {
    texts.iter().map(|text| text.pieces().len()).max().unwrap_or_default()
}
