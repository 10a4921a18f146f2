//! The results of searching a text in production: `includes`, `startsWith`, `indexOf`, patterns.

use std::ops::Range;

use policy_text::value::{Origin, PagePart, Piece, Text};
use regex::bytes::{Regex, RegexBuilder};

use super::flags::is_local_text;

/// What is looked for.
pub(super) enum Needle {
    Text(String),
    /// A regular expression without its flags.
    Pattern(String),
}

/// Building a pattern takes as long as so many steps.
pub(super) const STEPS_OF_PATTERN: usize = 32;
/// How large a pattern may become: what is written about addresses is far smaller.
const MAX_PATTERN_BYTES: usize = 1 << 17;

/// Beginnings that are told apart.
const MAX_BEGINNINGS: usize = 8;

/// Whether `text` holds `needle`, where that can be known.
pub(super) fn contains(text: &Text, needle: &Needle) -> Option<bool> {
    let (beginnings, whole) = beginnings(text);
    if whole {
        return agreed(beginnings.iter().map(|text| match needle {
            Needle::Text(needle) => Some(text.contains(needle.as_str())),
            Needle::Pattern(pattern) => matches(pattern, text),
        }));
    }
    match needle {
        Needle::Text(needle) => contains_text(text, needle),
        // A pattern that speaks of a developer's machine does not match a page.
        Needle::Pattern(pattern) => {
            let page = text.holes().any(|hole| matches!(hole.origin, Origin::Page(_)));
            (page && is_local_text(&pattern.replace('\\', ""))).then_some(false)
        }
    }
}

/// Whether `text` begins with `needle`, where that can be known.
pub(super) fn starts_with(text: &Text, needle: &str) -> Option<bool> {
    let (beginnings, whole) = beginnings(text);
    let known = agreed(beginnings.iter().map(|beginning| {
        let too_short = !whole && beginning.len() < needle.len() && needle.starts_with(beginning.as_str());
        (!too_short).then(|| beginning.starts_with(needle))
    }));
    known.or_else(|| contains_text(text, needle).filter(|found| !found))
}

/// The texts that `text` can begin with in production, as far as they can be known, and whether they are all of it.
fn beginnings(text: &Text) -> (Vec<String>, bool) {
    let mut known = vec![String::new()];
    for piece in text.pieces() {
        let (choices, ends): (&[&str], bool) = match piece {
            Piece::Literal(literal, _) => (&[literal], false),
            Piece::Hole(hole) => match hole.origin {
                Origin::Page(PagePart::Protocol) => (&["http:", "https:"], false),
                Origin::Page(PagePart::Origin | PagePart::Href) => (&["http://", "https://"], true),
                _ => (&[""], true),
            },
        };
        if known.len() * choices.len() > MAX_BEGINNINGS {
            return (known, false);
        }
        known = known
            .iter()
            .flat_map(|before| choices.iter().map(move |more| format!("{before}{more}")))
            .collect();
        if ends {
            return (known, false);
        }
    }
    (known, true)
}

fn contains_text(text: &Text, needle: &str) -> Option<bool> {
    if text.contains(needle) {
        return Some(true);
    }
    let [Piece::Hole(hole)] = text.pieces() else { return None };
    let Origin::Page(_) = hole.origin else { return None };
    let port = needle.trim_start_matches(':');
    // Ports that development servers listen on have four digits and more; `:80` may well be in an address.
    let names_port = port.len() >= 4 && port.parse::<u16>().is_ok();
    (names_port || is_local_text(needle)).then_some(false)
}

/// An occurrence of a needle.
pub(super) struct Occurrence {
    pub(super) range: Range<usize>,
    /// What the groups of a pattern took, the first first.
    pub(super) groups: Vec<String>,
}

/// A pattern that only JavaScript knows.
pub(super) struct NotUnderstood;

/// The first occurrence of a needle.
pub(super) fn find(text: &str, needle: &Needle) -> Result<Option<Occurrence>, NotUnderstood> {
    match needle {
        Needle::Text(needle) => {
            let found = text.find(needle.as_str());
            Ok(found.map(|start| Occurrence { range: start..start + needle.len(), groups: Vec::new() }))
        }
        Needle::Pattern(pattern) => {
            let pattern = built(pattern, false).ok_or(NotUnderstood)?;
            Ok(pattern.captures(text.as_bytes()).and_then(|captures| {
                let groups = captures.iter().skip(1);
                let groups =
                    groups.map(|group| text_of(group.map_or(b"", |group| group.as_bytes()))).collect();
                Some(Occurrence { range: captures.get(0)?.range(), groups })
            }))
        }
    }
}

/// A pattern as JavaScript means it without the flag `u`: its classes are those of ASCII, which are cheap to build.
fn built(pattern: &str, any_case: bool) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .case_insensitive(any_case)
        .size_limit(MAX_PATTERN_BYTES)
        .build()
        .ok()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether a pattern matches a text, with any flags. `None` where the flags decide, and for what only JavaScript knows.
fn matches(pattern: &str, text: &str) -> Option<bool> {
    let outcome = |any_case: bool| Some(built(pattern, any_case)?.is_match(text.as_bytes()));
    agreed([outcome(false), outcome(true)].into_iter())
}

/// The outcome that all share.
pub(super) fn agreed<T: PartialEq>(mut outcomes: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = outcomes.next()??;
    outcomes.all(|outcome| outcome.as_ref() == Some(&first)).then_some(first)
}
