//! One pattern of an ignore file: compiled and matched as moby's `patternmatcher` does on Linux.

use policy_text::source::Span;
use regex::Regex;

use super::wildcard::{Step, Steps};
use super::{glob, go_regexp};

/// One line of an ignore file that is not a comment.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The pattern after cleaning: no leading slash, no `.` or `..` that can be resolved, no `!`.
    pub path: String,
    /// Whether the line began with `!`: what it matches is sent although an earlier pattern excludes it.
    pub exception: bool,
    /// The line without white space at its ends.
    pub span: Span,
    /// The line as it is written, without white space at its ends.
    pub written: String,
    /// Why the pattern cannot match what it was written for.
    pub flaw: Option<Flaw>,
    matcher: Matcher,
}

/// Why a pattern cannot match what it was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// `name # why`: the comment is part of the pattern.
    TrailingComment,
    /// `{a,b}`: braces mean nothing.
    Braces,
    /// `../name`: nothing above the context is ever sent.
    Outside,
}

impl Flaw {
    fn of(path: &str) -> Option<Self> {
        let alternatives = path.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
        if path.contains(" #") {
            Some(Self::TrailingComment)
        } else if alternatives.is_some_and(|(inside, _)| inside.contains(',')) {
            Some(Self::Braces)
        } else if path.starts_with("../") || path == ".." {
            Some(Self::Outside)
        } else {
            None
        }
    }
}

#[derive(Clone, Debug)]
enum Matcher {
    Exact,
    /// `dir/**`: the pattern without its last two characters.
    Prefix,
    /// `**/dir`: the pattern without its first two characters.
    Suffix,
    Wildcards(Steps),
    Regex(Box<Regex>),
}

impl Pattern {
    /// Compiles a cleaned pattern. The error says what is wrong with it, for people.
    pub fn new(path: &str, exception: bool, span: Span) -> Result<Self, &'static str> {
        glob::check(path)?;
        let matcher = compile(path)?;
        let (path, written) = (path.to_owned(), path.to_owned());
        Ok(Self { flaw: Flaw::of(&path), path, exception, span, written, matcher })
    }

    /// The same pattern, written in another way.
    #[must_use]
    pub(super) fn written_as(self, line: &str) -> Self {
        Self { written: line.to_owned(), ..self }
    }

    /// Whether the pattern matches `path` itself. Whether it matches a folder above is the caller's to ask.
    pub fn matches(&self, path: &str) -> bool {
        match &self.matcher {
            Matcher::Exact => path == self.path,
            Matcher::Prefix => self.path.strip_suffix("**").is_some_and(|prefix| path.starts_with(prefix)),
            Matcher::Suffix => self.path.strip_prefix("**").is_some_and(|suffix| {
                path.ends_with(suffix) || suffix.strip_prefix('/').is_some_and(|name| path == name)
            }),
            Matcher::Wildcards(steps) => steps.matches(path),
            Matcher::Regex(regex) => regex.is_match(path),
        }
    }

    /// The pattern without a `/**` or `/*` at its end, as Docker's walk compares exceptions with folders.
    pub(super) fn without_trailing_glob(&self) -> &str {
        let path = self.path.strip_suffix("/**").unwrap_or(&self.path);
        path.strip_suffix("/*").unwrap_or(path)
    }

    /// Whether only the end of the pattern is a wildcard, so that the folders it can match below are known.
    pub(super) fn is_plain_prefix(&self) -> bool {
        !self.without_trailing_glob().contains(['*', '[', ']', '?', '^', '\\'])
    }
}

/// What the characters read so far amount to, named as moby names them.
#[derive(PartialEq)]
enum Kind {
    Exact,
    Prefix,
    Suffix,
    Regex,
}

/// A part of a pattern, as moby reads it.
enum Part {
    Step(Step),
    /// Text that means in the regular expression what it means there, by moby's quirk: `{`, `|`, `}` are not escaped.
    Expression(char),
}

/// Builds what moby builds, with its quirks.
fn compile(pattern: &str) -> Result<Matcher, &'static str> {
    let mut parts = Vec::new();
    let mut kind = Kind::Exact;
    let mut characters = pattern.chars().peekable();
    let mut first = true;
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                kind = match (characters.peek(), kind) {
                    (Some(_), _) => {
                        parts.push(Part::Step(Step::Folders));
                        Kind::Regex
                    }
                    (None, Kind::Exact) => Kind::Prefix,
                    (None, _) => {
                        parts.push(Part::Step(Step::Rest));
                        Kind::Regex
                    }
                };
                if first {
                    kind = Kind::Suffix;
                }
            }
            '*' => {
                parts.push(Part::Step(Step::Segment));
                kind = Kind::Regex;
            }
            '?' => {
                parts.push(Part::Step(Step::One));
                kind = Kind::Regex;
            }
            '\\' => {
                parts.push(Part::Expression('\\'));
                if let Some(escaped) = characters.next() {
                    parts.push(Part::Expression(escaped));
                    kind = Kind::Regex;
                }
            }
            '[' | ']' => {
                parts.push(Part::Expression(character));
                kind = Kind::Regex;
            }
            '{' | '}' | '|' | '^' => parts.push(Part::Expression(character)),
            _ => parts.push(Part::Step(Step::Character(character))),
        }
        first = false;
    }
    Ok(match kind {
        Kind::Exact => Matcher::Exact,
        Kind::Prefix => Matcher::Prefix,
        Kind::Suffix => Matcher::Suffix,
        Kind::Regex => match steps(&parts) {
            Some(steps) => Matcher::Wildcards(steps),
            None => Matcher::Regex(Box::new(go_regexp::compile(&expression(&parts))?)),
        },
    })
}

/// The parts as steps, where they are nothing else and few enough.
fn steps(parts: &[Part]) -> Option<Steps> {
    let step = |part: &Part| match part {
        Part::Step(step) => Some(*step),
        Part::Expression(_) => None,
    };
    Steps::new(parts.iter().map(step).collect::<Option<Vec<_>>>()?)
}

/// The parts as the regular expression that Docker makes of them.
fn expression(parts: &[Part]) -> String {
    let mut expression = String::from("^");
    for part in parts {
        match part {
            Part::Step(step) => step.write(&mut expression),
            Part::Expression(character) => expression.push(*character),
        }
    }
    expression.push('$');
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All texts of at most `length` characters of `alphabet`.
    fn texts(alphabet: &[char], length: usize) -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut shorter = 0;
        for _ in 0..length {
            let end = texts.len();
            for at in shorter..end {
                texts.extend(
                    alphabet.iter().map(|letter| format!("{}{letter}", texts[at])).collect::<Vec<_>>(),
                );
            }
            shorter = end;
        }
        texts
    }

    #[test]
    fn wildcards_match_what_the_regular_expression_of_docker_matches() {
        let paths = texts(&['a', '.', '/', '\n', 'é'], 4);
        let steps =
            [Step::Character('a'), Step::Character('.'), Step::One, Step::Segment, Step::Rest, Step::Folders];
        for pattern in texts(&['0', '1', '2', '3', '4', '5'], 4) {
            let pattern: Vec<Step> = pattern.bytes().map(|digit| steps[usize::from(digit - b'0')]).collect();
            let parts: Vec<Part> = pattern.iter().copied().map(Part::Step).collect();
            let regex = go_regexp::compile(&expression(&parts)).unwrap();
            let wildcards = Steps::new(pattern.clone()).unwrap();
            for path in &paths {
                assert_eq!(wildcards.matches(path), regex.is_match(path), "{pattern:?} on {path:?}");
            }
        }
    }
}
