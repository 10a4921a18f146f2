//! One pattern of an ignore file: compiled and matched as moby's `patternmatcher` does on Linux.

use policy_text::source::Span;
use regex::Regex;

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

/// Builds what moby builds, with its quirks: `.+()$` are escaped, and `{`, `|`, `}` are not.
fn compile(pattern: &str) -> Result<Matcher, &'static str> {
    let mut source = String::from("^");
    let mut kind = Kind::Exact;
    let mut characters = pattern.chars().peekable();
    let mut first = true;
    while let Some(character) = characters.next() {
        match character {
            '*' if characters.next_if_eq(&'*').is_some() => {
                characters.next_if_eq(&'/');
                kind = match (characters.peek(), kind) {
                    (Some(_), _) => {
                        source.push_str("(.*/)?");
                        Kind::Regex
                    }
                    (None, Kind::Exact) => Kind::Prefix,
                    (None, _) => {
                        source.push_str(".*");
                        Kind::Regex
                    }
                };
                if first {
                    kind = Kind::Suffix;
                }
            }
            '*' => {
                source.push_str("[^/]*");
                kind = Kind::Regex;
            }
            '?' => {
                source.push_str("[^/]");
                kind = Kind::Regex;
            }
            '.' | '+' | '(' | ')' | '$' => source.extend(['\\', character]),
            '\\' => {
                source.push('\\');
                if let Some(escaped) = characters.next() {
                    source.push(escaped);
                    kind = Kind::Regex;
                }
            }
            '[' | ']' => {
                source.push(character);
                kind = Kind::Regex;
            }
            _ => source.push(character),
        }
        first = false;
    }
    Ok(match kind {
        Kind::Exact => Matcher::Exact,
        Kind::Prefix => Matcher::Prefix,
        Kind::Suffix => Matcher::Suffix,
        Kind::Regex => Matcher::Regex(Box::new(go_regexp::compile(&(source + "$"))?)),
    })
}
