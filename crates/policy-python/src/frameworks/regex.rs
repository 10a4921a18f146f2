//! Regular expressions as paths: those that people write for paths.

use policy_http::path::Part;

use crate::resolve::group::Path;
use crate::resolve::value::{HOLE, Text};

/// Alternatives of one expression. With more it is unknown.
const MOST: usize = 16;
/// Groups inside one another.
const DEEPEST: usize = 8;

/// A way to match: its parts.
type Way = Vec<Part>;

/// The paths that an expression matches, which may be several; or the prefixes, where others follow. One that begins anywhere,
/// or that is not understood, has unknown parts.
pub(super) fn paths(text: &Text, others_follow: bool) -> Vec<Path> {
    let written = text.with_holes();
    let Some(rest) = written.strip_prefix('^') else { return vec![Path::unknown()] };
    let mut reader = Reader { rest, is_anchored: false };
    match reader.alternatives(0) {
        Some(ways) if reader.rest.is_empty() => {
            let after = (!reader.is_anchored && !others_follow).then_some(Part::Rest);
            ways.into_iter().map(|way| Path::of(way.into_iter().chain(after.clone()))).collect()
        }
        _ => {
            let literal: String = rest.chars().take_while(|&each| is_plain(each)).collect();
            // The last character may be repeated or left out.
            let certain = literal.get(..literal.len().saturating_sub(1)).unwrap_or_default();
            vec![Path::literal(&Text::new(&format!("{certain}{HOLE}")))]
        }
    }
}

/// The paths that a part of an expression matches, from its beginning to its end. `None` where that is not understood.
pub(super) fn part(written: &str) -> Option<Vec<Path>> {
    let mut reader = Reader { rest: written, is_anchored: false };
    let ways = reader.alternatives(0)?;
    reader.rest.is_empty().then(|| ways.into_iter().map(Path::of).collect())
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/-_~".contains(character)
}

struct Reader<'t> {
    rest: &'t str,
    /// Whether `$` was seen, after which nothing may follow.
    is_anchored: bool,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        self.rest = self.rest.get(first.len_utf8()..)?;
        Some(first)
    }

    fn take(&mut self, expected: &str) -> bool {
        match self.rest.strip_prefix(expected) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `a|b`, up to the end or to the `)` that closes the group.
    fn alternatives(&mut self, depth: usize) -> Option<Vec<Way>> {
        if depth == DEEPEST {
            return None;
        }
        let mut all = Vec::new();
        loop {
            all.extend(self.sequence(depth)?);
            if all.len() > MOST {
                return None;
            }
            if !self.take("|") {
                return Some(all);
            }
            if self.is_anchored {
                return None;
            }
        }
    }

    fn sequence(&mut self, depth: usize) -> Option<Vec<Way>> {
        let mut ways: Vec<Way> = vec![Vec::new()];
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            if ["$", "\\Z", "\\z"].iter().any(|end| self.take(end)) {
                self.is_anchored = true;
                continue;
            }
            if self.is_anchored {
                return None;
            }
            let piece = self.piece(depth)?;
            if let [then] = piece.as_slice() {
                for way in &mut ways {
                    way.extend_from_slice(then);
                }
                continue;
            }
            let both = ways.iter().flat_map(|way| {
                piece.iter().map(move |then| way.iter().chain(then).cloned().collect::<Way>())
            });
            ways = both.collect();
            if ways.len() > MOST {
                return None;
            }
        }
        Some(ways)
    }

    /// One character, class or group, with what says how often.
    fn piece(&mut self, depth: usize) -> Option<Vec<Way>> {
        let literal = |character: char| vec![vec![Part::Literal(character.to_string())]];
        let (once, many) = match self.next()? {
            '(' => {
                if self.rest.starts_with("?<=") || self.rest.starts_with("?<!") {
                    return None;
                }
                if self.take("?P<") || self.take("?<") {
                    let (_, rest) = self.rest.split_once('>')?;
                    self.rest = rest;
                } else if !self.take("?:") && self.rest.starts_with('?') {
                    return None;
                }
                let ways = self.alternatives(depth + 1)?;
                if !self.take(")") {
                    return None;
                }
                (ways, None)
            }
            '[' => {
                let has_slash = self.class()?;
                one_of(has_slash)
            }
            '.' => one_of(true),
            '\\' => match self.next()? {
                'd' | 'w' => one_of(false),
                'D' | 'W' | 'S' => one_of(true),
                other if other.is_ascii_alphanumeric() => return None,
                other => (literal(other), None),
            },
            '^' | '*' | '+' | '?' | '{' => return None,
            character => (literal(character), None),
        };
        self.repeated(once, many)
    }

    /// The end of a class, and whether it holds a slash.
    fn class(&mut self) -> Option<bool> {
        let is_negated = self.take("^");
        let (mut holds_slash, mut before, mut is_range) = (false, None, false);
        loop {
            let character = match self.next()? {
                ']' if before.is_some() => {
                    return Some(holds_slash != is_negated);
                }
                '-' if before.is_some() && !is_range => {
                    is_range = true;
                    continue;
                }
                '\\' => match self.next()? {
                    'D' | 'W' | 'S' => '/',
                    other => other,
                },
                character => character,
            };
            let first = if is_range { before.unwrap_or(character) } else { character };
            holds_slash |= (first..=character).contains(&'/');
            before = Some(character);
            is_range = false;
        }
    }

    fn repeated(&mut self, once: Vec<Way>, many: Option<Part>) -> Option<Vec<Way>> {
        let (may_lack, may_repeat) = match self.rest.chars().next() {
            Some('?') => (true, false),
            Some('*') => (true, true),
            Some('+') => (false, true),
            Some('{') => {
                let (count, rest) = self.rest.get(1..)?.split_once('}')?;
                self.rest = rest;
                let (least, _) = count.split_once(',').unwrap_or((count, count));
                let least: usize = least.parse().unwrap_or_default();
                return if least == 0 { None } else { many.map(|many| vec![vec![many]]) };
            }
            _ => return Some(once),
        };
        self.next();
        // Lazy or not, it matches the same.
        self.take("?");
        let mut ways = if may_repeat { vec![vec![many?]] } else { once };
        if may_lack && ways != [[Part::Rest]] {
            ways.push(Vec::new());
        }
        Some(ways)
    }
}

/// One character of a class, and many of them.
fn one_of(has_slash: bool) -> (Vec<Way>, Option<Part>) {
    (vec![vec![Part::Character]], Some(if has_slash { Part::Rest } else { Part::Segment }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(written: &str, expected: &[&str]) {
        let paths: Vec<String> = paths(&Text::new(written), false)
            .iter()
            .map(|path| format!("{}{}", path.pattern, if path.has_unknown_parts { "!" } else { "" }))
            .collect();
        assert_eq!(paths, expected, "{written}");
    }

    #[test]
    fn what_people_write_for_paths_is_understood() {
        matches(r"^users/$", &["users/"]);
        matches(r"^users/(?P<id>\d+)/$", &["users/{}/"]);
        matches(r"^users/(?P<id>[^/.]+)/files/(?P<path>.*)$", &["users/{}/files/*"]);
        matches(r"^users/?$", &["users/", "users"]);
        matches(r"^(a|b)/\w{3}$", &["a/{}", "b/{}"]);
        matches(r"^api/v[12]/", &["api/v?/*"]);
        matches(r"^a\.json\Z", &["a.json"]);
        matches(r"^", &["*"]);
        matches(r"^[-\w]+/(?:edit/)?$", &["{}/edit/", "{}/"]);
    }

    #[test]
    fn the_rest_is_unknown() {
        matches(r"users/$", &["*!"]);
        matches(r"^users(?!x)/$", &["user*!"]);
        matches(r"^a(b)+$", &["*!"]);
        matches("^(((((((((a)))))))))", &["*!"]);
        matches("^(a|b)(a|b)(a|b)(a|b)(a|b)", &["*!"]);
        matches("^[a", &["*!"]);
        matches("^a{", &["*!"]);
        matches("^\\", &["*!"]);
    }
}
