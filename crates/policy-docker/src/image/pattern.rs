//! Names of which parts are unknown, and whether two of them can be the same name.

use policy_text::value::{Piece, Text};

use super::Reference;

/// How many known characters two names must share at one end before they are held to be the same.
const MIN_SHARED: usize = 3;

/// A name in which some characters are unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    One(char),
    /// Any characters, also none.
    Any,
}

impl Pattern {
    /// The pattern of a text: its holes stand for any characters.
    pub fn of(text: &Text) -> Self {
        let parts = text.pieces().iter().flat_map(|piece| match piece {
            Piece::Literal(literal, _) => literal.chars().map(Part::One).collect(),
            Piece::Hole(_) => vec![Part::Any],
        });
        Self(parts.collect())
    }

    /// The repository that a reference names in an ECR registry. `None` where it names another registry, or none.
    pub fn of_ecr_repository(reference: &Reference) -> Option<Self> {
        if let Some(registry) = reference.registry() {
            let is_ecr = registry.contains(".dkr.ecr") || registry.contains("amazonaws.com");
            return is_ecr.then(|| Self::of(&reference.repository()));
        }
        // `$REGISTRY/app`: the registry is not known.
        let (first, rest) = reference.name.split_once('/')?;
        let is_hole = first.pieces().iter().all(|piece| piece.as_literal().is_none());
        (is_hole && !rest.is_empty()).then(|| Self::of(&rest))
    }

    /// The name, where all of it is known.
    pub fn known(&self) -> Option<String> {
        let known = self.0.iter().map(|part| match part {
            Part::One(character) => Some(*character),
            Part::Any => None,
        });
        known.collect()
    }

    /// Whether some name fits both.
    pub fn may_be(&self, other: &Self) -> bool {
        unify(&self.0, &other.0)
    }

    /// Whether both can be the same name and enough of them is known to be: all of both, or the same characters at their
    /// beginnings or their ends.
    pub fn meets(&self, other: &Self) -> bool {
        if !unify(&self.0, &other.0) {
            return false;
        }
        let whole = |pattern: &Self| !pattern.0.contains(&Part::Any);
        let shared = |left: &mut dyn Iterator<Item = &Part>, right: &mut dyn Iterator<Item = &Part>| {
            left.zip(right).take_while(|(left, right)| left == right && **left != Part::Any).count()
        };
        let before = shared(&mut self.0.iter(), &mut other.0.iter());
        let after = shared(&mut self.0.iter().rev(), &mut other.0.iter().rev());
        (whole(self) && whole(other)) || before.max(after) >= MIN_SHARED
    }
}

/// What is left of both without the known characters that both begin and end with: most names part there. `None` where those
/// differ.
fn between_known_ends<'p>(mut left: &'p [Part], mut right: &'p [Part]) -> Option<(&'p [Part], &'p [Part])> {
    while let ([Part::One(one), after @ ..], [Part::One(other), other_after @ ..]) = (left, right) {
        (left, right) = (one == other).then_some((after, other_after))?;
    }
    while let ([before @ .., Part::One(one)], [other_before @ .., Part::One(other)]) = (left, right) {
        (left, right) = (one == other).then_some((before, other_before))?;
    }
    Some((left, right))
}

/// Whether some name fits both patterns.
fn unify(left: &[Part], right: &[Part]) -> bool {
    let Some((left, right)) = between_known_ends(left, right) else { return false };
    // Row by row over the prefixes of `left`: `row[j]` says whether the prefix fits the first `j` parts of `right`.
    let mut row: Vec<bool> = std::iter::once(true)
        .chain(right.iter().scan(true, |all, part| {
            *all &= *part == Part::Any;
            Some(*all)
        }))
        .collect();
    for part in left {
        let mut next = vec![*part == Part::Any && row.first() == Some(&true)];
        for (index, other) in right.iter().enumerate() {
            let (diagonal, above) = (row.get(index) == Some(&true), row.get(index + 1) == Some(&true));
            let before = next.last() == Some(&true);
            next.push(match (part, other) {
                (Part::One(left), Part::One(right)) => diagonal && left == right,
                (Part::Any, Part::One(_)) | (Part::One(_), Part::Any) => above || before,
                (Part::Any, Part::Any) => above || before || diagonal,
            });
        }
        row = next;
    }
    row.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};
    use policy_text::value::Origin;

    use super::*;

    /// `*` stands for a hole.
    fn text(written: &str) -> Text {
        let at = Span::start_of(FileId(0));
        let mut text = Text::empty();
        for (index, part) in written.split('*').enumerate() {
            if index > 0 {
                text.append(&Text::hole(Origin::Environment("X".into()), at));
            }
            text.append(&Text::literal(part, at));
        }
        text
    }

    #[test]
    fn names_meet_where_enough_of_them_agrees() {
        for (left, right, meet) in [
            ("web", "web", true),
            ("web", "api", false),
            ("shop-*-web", "shop-prod-web", true),
            ("shop-*-web", "shop-*-web", true),
            ("shop-*-web", "shop-*-api", false),
            ("*-web", "shop-web", true),
            ("*", "shop-web", false),
            ("*", "*", false),
            ("*-web", "shop-*", false),
            ("shop-web", "shop-web-2", false),
        ] {
            assert_eq!(Pattern::of(&text(left)).meets(&Pattern::of(&text(right))), meet, "{left} {right}");
        }
    }

    #[test]
    fn only_repositories_of_ecr_are_named() {
        let named = |written: &str| Pattern::of_ecr_repository(&Reference::parse(&text(written)).unwrap());
        assert_eq!(named("*.dkr.ecr.*.amazonaws.com/a/web:1"), Some(Pattern::of(&text("a/web"))));
        assert_eq!(named("*/web:1"), Some(Pattern::of(&text("web"))));
        assert_eq!(named("ghcr.io/a/web"), None);
        assert_eq!(named("team/web"), None);
        assert_eq!(named("web"), None);
    }
}
