//! Whether two patterns have a path in common, and whether one has all paths of the other.

use super::{Part, PathPattern};

/// One step of a pattern: one character of a set, or any number of them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Step {
    of: Characters,
    repeats: bool,
}

/// A set of characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Characters {
    One(char),
    NoSlash,
    Any,
}

impl Characters {
    fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::One(one), Self::One(other)) => one == other,
            (Self::One(one), Self::NoSlash) | (Self::NoSlash, Self::One(one)) => one != '/',
            _ => true,
        }
    }

    fn covers(self, other: Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (Self::NoSlash, Self::NoSlash) => true,
            (Self::NoSlash, Self::One(one)) => one != '/',
            (Self::One(one), Self::One(other)) => one == other,
            _ => false,
        }
    }
}

/// The steps of a pattern behind the first `skipped` bytes of its literal start.
fn steps(pattern: &PathPattern, mut skipped: usize) -> Vec<Step> {
    let once = |of| Step { of, repeats: false };
    let mut steps = Vec::with_capacity(pattern.length() + 1);
    for part in pattern.parts() {
        match part {
            Part::Literal(text) => {
                let rest = text.get(std::mem::take(&mut skipped)..).unwrap_or_default();
                steps.extend(rest.chars().map(Characters::One).map(once));
            }
            Part::Character => steps.push(once(Characters::Any)),
            Part::Segment => {
                steps.extend([once(Characters::NoSlash), Step { of: Characters::NoSlash, repeats: true }]);
            }
            Part::Rest => steps.push(Step { of: Characters::Any, repeats: true }),
        }
    }
    steps
}

/// Whether some path is in both.
pub(super) fn meet(one: &PathPattern, other: &PathPattern) -> bool {
    // Most patterns part where their first letters do, or their last ones.
    let (start, other_start) = (one.literal_start().as_bytes(), other.literal_start().as_bytes());
    let (end, other_end) = (one.literal_end().as_bytes(), other.literal_end().as_bytes());
    let common = start.len().min(other_start.len());
    let common_end = end.len().min(other_end.len());
    if start.get(..common) != other_start.get(..common)
        || end.get(end.len() - common_end..) != other_end.get(other_end.len() - common_end..)
    {
        return false;
    }
    let parted = |path: &PathPattern, pattern| path.as_literal().is_some_and(|path| !holds(path, pattern));
    if parted(one, other) || parted(other, one) {
        return false;
    }
    let (one, other) = (steps(one, common), steps(other, common));
    // `reached[n]`: some path takes what was looked at of `one` and the first `n` steps of `other`.
    let mut reached: Vec<bool> = vec![false; other.len() + 1];
    let mut next = reached.clone();
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    skip_repeats(&mut reached, &other);
    for step in one {
        let first = reached.iter().position(|reached| *reached).unwrap_or_default();
        if step.repeats {
            next.clone_from(&reached);
        } else {
            next.fill(false);
        }
        for (at, taken) in other.iter().enumerate().skip(first) {
            let from = if step.repeats { &next } else { &reached };
            if from.get(at) == Some(&true) && step.of.meets(taken.of) {
                set(&mut next, if taken.repeats { at } else { at + 1 });
            }
            if taken.repeats && next.get(at) == Some(&true) {
                set(&mut next, at + 1);
            }
        }
        if !next.contains(&true) {
            return false;
        }
        std::mem::swap(&mut reached, &mut next);
    }
    reached.last() == Some(&true)
}

/// Whether the literals of a pattern stand in `path` one behind the other: cheap to see, and most pairs part there.
fn holds(path: &str, pattern: &PathPattern) -> bool {
    let literals = pattern.parts().iter().filter_map(|part| match part {
        Part::Literal(text) => Some(text.as_str()),
        Part::Character | Part::Segment | Part::Rest => None,
    });
    let behind = |rest: &str, literal: &str| {
        let at = rest.find(literal)?;
        rest.get(at + literal.len()..).map(str::len)
    };
    let mut rest = path;
    for literal in literals {
        let Some(left) = behind(rest, literal) else { return false };
        rest = path.get(path.len() - left..).unwrap_or_default();
    }
    true
}

/// A step that may be taken any number of times may be left out.
fn skip_repeats(reached: &mut [bool], steps: &[Step]) {
    for (at, step) in steps.iter().enumerate() {
        if step.repeats && reached.get(at) == Some(&true) {
            set(reached, at + 1);
        }
    }
}

fn set(reached: &mut [bool], at: usize) {
    if let Some(reached) = reached.get_mut(at) {
        *reached = true;
    }
}

/// Whether every path of `narrow` is in `wide`: each step of `narrow` is taken by a step that takes all its characters, and
/// one that repeats by one that repeats.
pub(super) fn covers(wide: &PathPattern, narrow: &PathPattern) -> bool {
    if !narrow.literal_start().starts_with(wide.literal_start()) {
        return false;
    }
    let common = wide.literal_start().len();
    let (wide, narrow) = (steps(wide, common), steps(narrow, common));
    // `reached[n]`: what was looked at of `narrow` is taken by the first `n` steps of `wide`.
    let mut reached: Vec<bool> = vec![false; wide.len() + 1];
    let mut next = reached.clone();
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    skip_repeats(&mut reached, &wide);
    for step in narrow {
        next.fill(false);
        for (at, taker) in wide.iter().enumerate() {
            let takes = taker.of.covers(step.of) && (taker.repeats || !step.repeats);
            if reached.get(at) == Some(&true) && takes {
                set(&mut next, if taker.repeats { at } else { at + 1 });
            }
        }
        skip_repeats(&mut next, &wide);
        std::mem::swap(&mut reached, &mut next);
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{}` is a segment; the rest is a pattern of AWS.
    fn pattern(written: &str) -> PathPattern {
        let mut parts = Vec::new();
        for (at, literal) in written.split("{}").enumerate() {
            if at > 0 {
                parts.push(Part::Segment);
            }
            parts.extend(PathPattern::with_wildcards(literal).unwrap().parts().to_vec());
        }
        PathPattern::new(parts).unwrap()
    }

    #[test]
    fn a_pattern_covers_what_its_wildcards_can_take() {
        for (wide, narrow) in [
            ("*", "/api/*"),
            ("/*", "/api/*"),
            ("/api/*", "/api/*"),
            ("/api*", "/api"),
            ("/api*", "/api/v1/*"),
            ("/a?i/*", "/api/users"),
            ("/*/health", "/a/*/health"),
            ("?*", "/x"),
            ("/api/*", "/api/{}/users"),
            ("/api/{}", "/api/7"),
            ("/api/{}", "/api/{}"),
            ("/api/?*", "/api/{}"),
            ("*/ws", "/a/b/ws"),
        ] {
            assert!(covers(&pattern(wide), &pattern(narrow)), "{wide} {narrow}");
            assert!(meet(&pattern(wide), &pattern(narrow)), "{wide} {narrow}");
        }
    }

    #[test]
    fn a_pattern_does_not_cover_what_it_may_miss() {
        for (wide, narrow) in [
            ("/api/*", "/api"),
            ("/api/*", "/api*"),
            ("/api", "/ap?"),
            ("?", "*"),
            ("/api/*", "*"),
            ("/a", "/A"),
            ("/api/{}", "/api/*"),
            ("/api/{}", "/api/"),
            ("/api/{}", "/api/?"),
            ("/api/{}", "/api/a/b"),
        ] {
            assert!(!covers(&pattern(wide), &pattern(narrow)), "{wide} {narrow}");
        }
    }

    #[test]
    fn patterns_meet_where_one_path_is_in_both() {
        for (one, other) in [
            ("/api/*", "*/users"),
            ("/{}/users", "/api/*"),
            ("/api*", "/api"),
            ("/a?c", "/{}"),
            ("*", ""),
            ("/{}/b", "/a/{}"),
        ] {
            assert!(meet(&pattern(one), &pattern(other)), "{one} {other}");
            assert!(meet(&pattern(other), &pattern(one)), "{other} {one}");
        }
    }

    #[test]
    fn patterns_do_not_meet_where_no_path_is_in_both() {
        for (one, other) in [
            ("/api/*", "/api"),
            ("/api/{}", "/api/a/b"),
            ("/api/{}", "/api/"),
            ("/health", "/Health"),
            ("/a?", "/a"),
            ("/ws/*", "/api/{}/ws"),
            ("", "/"),
        ] {
            assert!(!meet(&pattern(one), &pattern(other)), "{one} {other}");
            assert!(!meet(&pattern(other), &pattern(one)), "{other} {one}");
        }
    }

    /// Both answers, held against every short path over a small alphabet.
    #[test]
    fn short_paths_bear_the_answers_out() {
        let alphabet = ['/', 'a', 'b'];
        let mut paths = vec![String::new()];
        for length in 0..6 {
            let longer: Vec<String> = paths
                .iter()
                .filter(|path| path.len() == length)
                .flat_map(|path| alphabet.map(|letter| format!("{path}{letter}")))
                .collect();
            paths.extend(longer);
        }
        let pieces = ["", "/", "a", "*", "?", "{}", "b"];
        let mut patterns: Vec<PathPattern> = Vec::new();
        for one in pieces {
            for two in pieces {
                patterns.extend(pieces.map(|three| pattern(&format!("{one}{two}{three}"))));
            }
        }
        let literals: Vec<PathPattern> =
            paths.iter().map(|path| PathPattern::literal(path).unwrap()).collect();
        let taken: Vec<Vec<bool>> = patterns
            .iter()
            .map(|pattern| literals.iter().map(|path| covers(pattern, path)).collect())
            .collect();
        for (one, of_one) in patterns.iter().zip(&taken) {
            for (other, of_other) in patterns.iter().zip(&taken) {
                let common = of_one.iter().zip(of_other).any(|(one, other)| *one && *other);
                assert_eq!(meet(one, other), common, "{one} {other}");
                let lacks = of_one.iter().zip(of_other).any(|(one, other)| !*one && *other);
                assert!(!(covers(one, other) && lacks), "{one} {other}");
            }
        }
    }
}
