//! Searching and cutting texts with holes.
//!
//! A hole matches nothing that is searched for: what is found is written out, all of it between two holes. Offsets are those
//! of the written form, in which a hole counts as one byte.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::text::joined;
use super::{Piece, Provenance, Text};

/// What a [`Text`] can be searched for: a character, one of several, one that a function takes, or a string.
pub trait Pattern: sealed::Pattern {}

impl<P: sealed::Pattern> Pattern for P {}

impl Text {
    /// How long the written form is, in bytes.
    pub fn len(&self) -> usize {
        self.pieces().iter().map(length).sum()
    }

    /// Where the first match begins.
    pub fn find(&self, pattern: impl Pattern) -> Option<usize> {
        self.first(pattern).map(|found| found.start)
    }

    /// Where the last match begins.
    pub fn rfind(&self, pattern: impl Pattern) -> Option<usize> {
        self.last(pattern).map(|found| found.start)
    }

    /// Whether there is a match.
    pub fn contains(&self, pattern: impl Pattern) -> bool {
        self.first(pattern).is_some()
    }

    /// Whether the text is known to begin with `prefix`.
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.runs().next().is_some_and(|(_, run)| run.starts_with(prefix))
    }

    /// Whether the text is known to end with `suffix`.
    pub fn ends_with(&self, suffix: &str) -> bool {
        self.runs().last().is_some_and(|(_, run)| run.ends_with(suffix))
    }

    /// What follows `prefix`. `None` where the text is not known to begin with it.
    pub fn strip_prefix(&self, prefix: &str) -> Option<Text> {
        self.starts_with(prefix).then(|| self.slice(prefix.len()..usize::MAX))
    }

    /// What stands before `suffix`. `None` where the text is not known to end with it.
    pub fn strip_suffix(&self, suffix: &str) -> Option<Text> {
        self.ends_with(suffix).then(|| self.slice(0..self.len() - suffix.len()))
    }

    /// What stands before the first match, and what stands behind it.
    pub fn split_once(&self, pattern: impl Pattern) -> Option<(Text, Text)> {
        self.first(pattern).map(|found| self.around(found))
    }

    /// What stands before the last match, and what stands behind it.
    pub fn rsplit_once(&self, pattern: impl Pattern) -> Option<(Text, Text)> {
        self.last(pattern).map(|found| self.around(found))
    }

    /// The text without the white space at its ends.
    #[must_use]
    pub fn trim(&self) -> Text {
        let start = blanks(self.pieces().iter(), str::trim_start);
        let end = self.len() - blanks(self.pieces().iter().rev(), str::trim_end);
        self.slice(start..end.max(start))
    }

    /// The parts between the characters that separate them; parts can be empty.
    pub fn split(&self, separates: impl Fn(char) -> bool) -> Vec<Text> {
        let mut parts = Vec::new();
        let mut last = Text::empty();
        for piece in self.pieces() {
            let Piece::Literal(text, provenance) = piece else {
                last.push(piece.clone());
                continue;
            };
            let mut start = 0;
            for (at, separator) in text.match_indices(&separates) {
                last.push(part(text, provenance, start..at));
                parts.push(std::mem::take(&mut last));
                start = at + separator.len();
            }
            last.push(part(text, provenance, start..text.len()));
        }
        parts.push(last);
        parts
    }

    /// The items of a list whose separators are known, each without the blanks around it. An empty item is none.
    pub fn items(&self, separators: &[char]) -> Vec<Text> {
        let parts = self.split(|character| separators.contains(&character));
        parts.iter().map(Text::trim).filter(|item| !item.is_empty()).collect()
    }

    /// The bytes `range` of the written form. Offsets inside a character are rounded down; what lies past the end is empty.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Text {
        let (mut slice, mut seen) = (Text::empty(), 0);
        for piece in self.pieces() {
            match piece {
                Piece::Literal(text, provenance) => {
                    let cut = |offset: usize| text.floor_char_boundary(offset.saturating_sub(seen));
                    slice.push(part(text, provenance, cut(range.start)..cut(range.end)));
                }
                Piece::Hole(_) if range.contains(&seen) => slice.push(piece.clone()),
                Piece::Hole(_) => {}
            }
            seen += length(piece);
            if seen >= range.end {
                break;
            }
        }
        slice
    }

    /// Cuts the text before byte `offset`; see [`Text::slice`].
    pub fn split_at(&self, offset: usize) -> (Text, Text) {
        (self.slice(0..offset), self.slice(offset..usize::MAX))
    }

    fn around(&self, found: Range<usize>) -> (Text, Text) {
        (self.slice(0..found.start), self.slice(found.end..usize::MAX))
    }

    fn first(&self, pattern: impl Pattern) -> Option<Range<usize>> {
        self.runs().find_map(|(at, run)| Some(moved(pattern.first_in(&run)?, at)))
    }

    fn last(&self, pattern: impl Pattern) -> Option<Range<usize>> {
        self.runs().filter_map(|(at, run)| Some(moved(pattern.last_in(&run)?, at))).last()
    }

    /// The known characters before, between and after the holes, each run with its offset. Neighbouring literals are one run.
    fn runs(&self) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
        let runs = self.pieces().split(|piece| piece.as_literal().is_none());
        runs.scan(0, |next, literals| {
            let (at, run) = (*next, joined(literals));
            *next += run.len() + 1;
            Some((at, run))
        })
    }
}

fn length(piece: &Piece) -> usize {
    piece.as_literal().map_or(1, str::len)
}

fn moved(range: Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// How much white space comes before the first hole and the first other character.
fn blanks<'t>(pieces: impl Iterator<Item = &'t Piece>, trim: fn(&str) -> &str) -> usize {
    let mut blanks = 0;
    for literal in pieces.map_while(Piece::as_literal) {
        let kept = trim(literal).len();
        blanks += literal.len() - kept;
        if kept > 0 {
            break;
        }
    }
    blanks
}

/// The part `range` of a literal.
fn part(text: &Arc<str>, provenance: &Provenance, range: Range<usize>) -> Piece {
    if range == (0..text.len()) {
        return Piece::Literal(text.clone(), provenance.clone());
    }
    let part = text.get(range.clone()).unwrap_or_default();
    Piece::Literal(part.into(), provenance.part(text, range))
}

/// `str` has such a trait, which nothing outside of the standard library may name yet.
mod sealed {
    use std::ops::Range;

    pub trait Pattern: Copy {
        fn first_in(self, text: &str) -> Option<Range<usize>>;
        fn last_in(self, text: &str) -> Option<Range<usize>>;
    }

    impl Pattern for &str {
        fn first_in(self, text: &str) -> Option<Range<usize>> {
            text.match_indices(self).next().map(place)
        }

        fn last_in(self, text: &str) -> Option<Range<usize>> {
            text.rmatch_indices(self).next().map(place)
        }
    }

    impl Pattern for char {
        fn first_in(self, text: &str) -> Option<Range<usize>> {
            text.match_indices(self).next().map(place)
        }

        fn last_in(self, text: &str) -> Option<Range<usize>> {
            text.rmatch_indices(self).next().map(place)
        }
    }

    impl<const N: usize> Pattern for [char; N] {
        fn first_in(self, text: &str) -> Option<Range<usize>> {
            text.match_indices(self).next().map(place)
        }

        fn last_in(self, text: &str) -> Option<Range<usize>> {
            text.rmatch_indices(self).next().map(place)
        }
    }

    impl<F: Fn(char) -> bool + Copy> Pattern for F {
        fn first_in(self, text: &str) -> Option<Range<usize>> {
            text.match_indices(self).next().map(place)
        }

        fn last_in(self, text: &str) -> Option<Range<usize>> {
            text.rmatch_indices(self).next().map(place)
        }
    }

    fn place((at, found): (usize, &str)) -> Range<usize> {
        at..at + found.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};
    use crate::value::Origin;

    /// A text in which `*` is a hole, and `|` parts neighbouring literals.
    fn text(written: &str) -> Text {
        let at = Span::start_of(FileId(0));
        let mut text = Text::empty();
        for (index, literals) in written.split('*').enumerate() {
            if index > 0 {
                text.append(&Text::hole(Origin::Environment("X".into()), at));
            }
            for literal in literals.split('|') {
                text.append(&Text::literal(literal, at));
            }
        }
        text
    }

    fn written(text: &Text) -> String {
        text.render('*')
    }

    #[track_caller]
    fn assert_parts(parts: Option<(Text, Text)>, expected: Option<(&str, &str)>) {
        let parts = parts.map(|(before, behind)| (written(&before), written(&behind)));
        assert_eq!(parts.as_ref().map(|(before, behind)| (before.as_str(), behind.as_str())), expected);
    }

    #[test]
    fn a_hole_counts_as_one_byte() {
        assert_eq!(["", "*", "é*a|b", "a*"].map(|written| text(written).len()), [0, 1, 5, 2]);
        assert!(text("").is_empty() && !text("*").is_empty());
    }

    #[test]
    fn what_is_found_is_written_out() {
        assert_eq!((text("*=a=").find('='), text("*=a=").rfind('=')), (Some(1), Some(3)));
        assert_eq!((text("a=*=").find('='), text("a=*=").rfind('=')), (Some(1), Some(3)));
        assert_eq!((text("=a=*").find('='), text("=a=*").rfind('=')), (Some(0), Some(2)));
        assert_eq!((text("a*b").find('='), text("*").rfind('=')), (None, None));
        assert_eq!((text("a*?b#").find(['#', '?']), text("a*?b#").rfind(['#', '?'])), (Some(2), Some(4)));
        assert_eq!(text("a*1").find(|c: char| c.is_ascii_digit()), Some(2));
    }

    #[test]
    fn neighbouring_literals_are_searched_as_one_and_holes_part_them() {
        assert_eq!((text("a:|:b").find("::"), text("*a:|:b*").rfind("::")), (Some(1), Some(2)));
        assert!(text("a|b*").contains("ab") && !text("a*b").contains("ab"));
        // Not even what takes every character takes a hole.
        assert!(!text("*").contains(|_| true) && !text("*").contains('\u{1}'));
        assert!(text("*").contains("") && text("").contains(""));
    }

    #[test]
    fn a_hole_is_no_known_beginning_or_end() {
        assert!(text("a|b*").starts_with("ab") && text("*a|b").ends_with("ab"));
        assert!(!text("*a").starts_with("a") && !text("a*").ends_with("a"));
        assert!(!text("a*b").starts_with("ab") && !text("a*b").ends_with("ab"));
        assert!(text("*").starts_with("") && text("*").ends_with(""));
    }

    #[test]
    fn what_is_stripped_leaves_the_holes() {
        let prefix = |of: &str| text(of).strip_prefix("a=").map(|rest| written(&rest));
        assert_eq!(
            ["a=*", "a|=b*c", "*a=", "a*="].map(prefix),
            [Some("*".into()), Some("b*c".into()), None, None]
        );
        let suffix = |of: &str| text(of).strip_suffix("=a").map(|rest| written(&rest));
        assert_eq!(
            ["*=a", "b*c=|a", "=a*", "=*a"].map(suffix),
            [Some("*".into()), Some("b*c".into()), None, None]
        );
    }

    #[test]
    fn a_text_is_split_at_the_first_match_or_the_last() {
        assert_parts(text("*:b:c").split_once(':'), Some(("*", "b:c")));
        assert_parts(text("a:*:c").split_once(':'), Some(("a", "*:c")));
        assert_parts(text("a:b:*").split_once(':'), Some(("a", "b:*")));
        assert_parts(text("a*:|:b").split_once("::"), Some(("a*", "b")));
        assert_parts(text("a*b").split_once(':'), None);
        assert_parts(text("*:b:c").rsplit_once(':'), Some(("*:b", "c")));
        assert_parts(text("a:*:c").rsplit_once(':'), Some(("a:*", "c")));
        assert_parts(text("a:b:*").rsplit_once(':'), Some(("a:b", "*")));
        assert_parts(text("é*é").rsplit_once('é'), Some(("é*", "")));
        assert_parts(text("a*b").rsplit_once(':'), None);
    }

    #[test]
    fn blanks_at_the_ends_go_and_holes_are_none() {
        for (of, expected) in [
            (" a * b ", "a * b"),
            (" * ", "*"),
            ("* ", "*"),
            (" | a|b |\n", "ab"),
            (" * |", "*"),
            (" | ", ""),
            ("", ""),
        ] {
            assert_eq!(written(&text(of).trim()), expected, "{of:?}");
        }
    }

    #[test]
    fn only_what_is_written_out_separates() {
        let parts = |of: &str| text(of).split(|c| c == ':').iter().map(written).collect::<Vec<_>>();
        assert_eq!(parts("ws://*:8000"), ["ws", "//*", "8000"]);
        assert_eq!(parts("*::*"), ["*", "", "*"]);
        assert_eq!(parts(""), [""]);
    }

    #[test]
    fn items_keep_their_holes() {
        let items = |of: &str| text(of).items(&[',', '\n']).iter().map(written).collect::<Vec<_>>();
        assert_eq!(items("a , b:*,,"), ["a", "b:*"]);
        assert_eq!(items("* ,a\n*"), ["*", "a", "*"]);
        assert_eq!(items(" ,"), [""; 0]);
    }

    #[test]
    fn splitting_keeps_every_piece_on_its_side() {
        let halves = |offset| {
            let (left, right) = text("ws://*:8000").split_at(offset);
            (written(&left), written(&right))
        };
        assert_eq!(halves(6), ("ws://*".into(), ":8000".into()));
        assert_eq!(halves(8), ("ws://*:8".into(), "000".into()));
        assert_eq!(halves(99), ("ws://*:8000".into(), String::new()));
        assert_eq!(written(&text("ws://*:8000").slice(4..8)), "/*:8");
        assert_eq!(written(&text("é!").slice(1..3)), "é!");
    }

    #[test]
    fn a_part_has_its_own_place() {
        let text = Text::literal("TAG=latest", Span::new(FileId(0), 10..20));
        let (_, tag) = text.split_once('=').unwrap();
        assert_eq!(tag.place(), Some(Span::new(FileId(0), 14..20)));
    }
}
