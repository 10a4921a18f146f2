//! Values that can be one of a few texts, by the branch that was taken or the word of a loop.

use super::{Origin, Text};
use crate::source::Span;

/// How many texts one value can be.
pub(crate) const MAX_ALTERNATIVES: usize = 16;

/// The texts a value can be; never empty.
pub(crate) type Alternatives = Vec<Text>;

/// Every way to put one of `right` behind one of `left`.
pub(crate) fn joined(left: &Alternatives, right: &Alternatives, at: Span) -> Alternatives {
    if left.len() * right.len() > MAX_ALTERNATIVES {
        let mut text = left.first().filter(|_| left.len() == 1).cloned().unwrap_or_default();
        text.append(&Text::hole(Origin::Other("too many possible values".into()), at));
        return vec![text];
    }
    let ways = left.iter().flat_map(|left| {
        right.iter().map(move |right| {
            let mut text = left.clone();
            text.append(right);
            text
        })
    });
    ways.collect()
}
