//! Paths as sets of strings: what a program serves and what a router's pattern matches are compared as such.

mod compare;

use std::fmt;

/// A set of paths. Nothing is normalised and letters are distinguished by case, as load balancers do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct PathPattern {
    parts: Vec<Part>,
}

/// One part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// This text.
    Literal(String),
    /// Any one character.
    Character,
    /// What a parameter takes: at least one character and no `/`.
    Segment,
    /// Anything, also nothing, also over `/`.
    Rest,
}

/// The longest pattern in characters. A longer path is no address that anybody asks for, and comparing two patterns costs
/// the product of their lengths.
const LONGEST: usize = 512;

impl PathPattern {
    /// The one path that is written here.
    pub fn literal(path: &str) -> Option<Self> {
        Self::new([Part::Literal(path.to_owned())])
    }

    /// A pattern of AWS: `*` is any run, also an empty one and also over `/`, and `?` is one character.
    pub fn with_wildcards(written: &str) -> Option<Self> {
        let pieces = written.split_inclusive(['*', '?']).flat_map(|piece| {
            let wildcard = match piece.as_bytes().last() {
                Some(b'*') => Some(Part::Rest),
                Some(b'?') => Some(Part::Character),
                _ => None,
            };
            let literal = piece.strip_suffix(['*', '?']).unwrap_or(piece);
            [Some(Part::Literal(literal.to_owned())), wildcard]
        });
        Self::new(pieces.flatten())
    }

    /// All paths that begin with this text.
    pub fn prefix(written: &str) -> Option<Self> {
        Self::new([Part::Literal(written.to_owned()), Part::Rest])
    }

    /// The parts one after the other. `None` where that is longer than any path that somebody asks for.
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Option<Self> {
        let mut pattern = Self::default();
        let mut length = 0;
        for part in parts {
            length += match &part {
                Part::Literal(text) => text.len(),
                Part::Character | Part::Segment | Part::Rest => 1,
            };
            if length > LONGEST {
                return None;
            }
            match (pattern.parts.last_mut(), part) {
                (_, Part::Literal(text)) if text.is_empty() => {}
                (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
                (Some(Part::Rest), Part::Rest) => {}
                (_, part) => pattern.parts.push(part),
            }
        }
        Some(pattern)
    }

    /// No path but the empty one.
    pub const EMPTY: Self = Self { parts: Vec::new() };

    /// Every path.
    pub fn everything() -> Self {
        Self { parts: vec![Part::Rest] }
    }

    /// This without a slash at the end of what is written.
    #[must_use]
    pub fn without_last_slash(&self) -> Self {
        let mut parts = self.parts.clone();
        if let Some(Part::Literal(text)) = parts.last_mut()
            && text.ends_with('/')
        {
            text.pop();
            if text.is_empty() {
                parts.pop();
            }
        }
        Self { parts }
    }

    /// Its parts. No literal is empty, and no two literals follow each other.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// This, and what follows.
    pub fn then(&self, following: &Self) -> Option<Self> {
        Self::new(self.parts.iter().chain(&following.parts).cloned())
    }

    /// What follows this text in every path of it. `None` where it is not certain that each begins so.
    pub fn after(&self, start: &str) -> Option<Self> {
        let rest = self.literal_start().strip_prefix(start)?;
        let literal = (!rest.is_empty()).then(|| Part::Literal(rest.to_owned()));
        let others = self.parts.iter().skip(usize::from(!self.literal_start().is_empty()));
        Some(Self { parts: literal.into_iter().chain(others.cloned()).collect() })
    }

    /// How many steps it takes to go through it.
    pub fn length(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Literal(text) => text.len(),
            Part::Character | Part::Segment | Part::Rest => 1,
        };
        self.parts.iter().map(length).sum()
    }

    /// The path, where it is a single one.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(path)] => Some(path),
            _ => None,
        }
    }

    /// `/api` of `/api/*`: the one path that people think of as part of a pattern which takes only what lies below it.
    pub fn base(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal(path), Part::Rest] => path.strip_suffix('/').filter(|base| !base.is_empty()),
            _ => None,
        }
    }

    /// What every path of it begins with.
    pub fn literal_start(&self) -> &str {
        match self.parts.first() {
            Some(Part::Literal(path)) => path,
            _ => "",
        }
    }

    /// What every path of it ends with.
    pub fn literal_end(&self) -> &str {
        match self.parts.last() {
            Some(Part::Literal(path)) => path,
            _ => "",
        }
    }

    /// Whether some path is in both.
    pub fn meets(&self, other: &Self) -> bool {
        compare::meet(self, other)
    }

    /// Whether some path is in both, but for the case of letters.
    pub fn meets_in_some_case(&self, other: &Self) -> bool {
        self.meets(other) || self.in_small_letters().meets(&other.in_small_letters())
    }

    fn in_small_letters(&self) -> Self {
        let parts = self.parts.iter().map(|part| match part {
            Part::Literal(text) => Part::Literal(text.to_ascii_lowercase()),
            part => part.clone(),
        });
        Self { parts: parts.collect() }
    }

    /// Whether every path of the other is in this. Where several wildcards would have to work together it may say no
    /// although it is so.
    pub fn covers(&self, other: &Self) -> bool {
        compare::covers(self, other)
    }
}

/// As a pattern of AWS is written, with `{}` for a segment.
impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| {
            f.write_str(match part {
                Part::Literal(text) => text,
                Part::Character => "?",
                Part::Segment => "{}",
                Part::Rest => "*",
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_comes_back() {
        for written in ["", "/", "/api/*", "/a?c/**", "*"] {
            let pattern = PathPattern::with_wildcards(written).unwrap();
            assert_eq!(pattern.to_string(), written.replace("**", "*"));
        }
    }

    #[test]
    fn a_path_that_nobody_asks_for_is_no_pattern() {
        assert_eq!(PathPattern::literal(&"a".repeat(LONGEST + 1)), None);
        let long = PathPattern::literal(&"a".repeat(LONGEST)).unwrap();
        assert_eq!(long.then(&long), None);
    }

    #[test]
    fn what_follows_a_prefix_keeps_its_parts() {
        let pattern = |written| PathPattern::with_wildcards(written).unwrap();
        for (written, start, expected) in [
            ("/api/users", "/api", Some("/users")),
            ("/api*", "/api", Some("*")),
            ("/api/?/b", "/api", Some("/?/b")),
            ("*", "", Some("*")),
            ("/a*", "/api", None),
        ] {
            assert_eq!(pattern(written).after(start), expected.map(pattern), "{written} after {start}");
        }
    }

    #[test]
    fn a_pattern_without_wildcards_is_one_path() {
        assert_eq!(PathPattern::with_wildcards("/api").unwrap().as_literal(), Some("/api"));
        assert_eq!(PathPattern::default().as_literal(), Some(""));
        assert_eq!(PathPattern::prefix("/api").unwrap().as_literal(), None);
        assert_eq!(PathPattern::prefix("/api").unwrap().literal_start(), "/api");
    }
}
