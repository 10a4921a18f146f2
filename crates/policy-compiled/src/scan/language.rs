//! What tells the languages apart: how they write texts and comments, and where declarations end.

use policy_text::source::RepoPath;

/// One language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Language {
    /// How texts are written, longer openings before those that they begin with.
    pub(super) forms: &'static [Form],
    /// Whether a comment may hold another one.
    pub(super) nests_comments: bool,
    /// Whether lines that begin with `#` are for the compiler.
    pub(super) has_directives: bool,
    /// Whether the end of a line can end a declaration.
    pub(crate) ends_with_line: bool,
    /// How conditions are written.
    pub(crate) condition: Condition,
    /// How functions are written that stand for themselves.
    pub(crate) closure: Closure,
    /// How the type of a variable is written.
    pub(crate) declares: Declares,
    /// What stands before an annotation; a bracket around it, where it is one.
    pub(crate) annotation: char,
}

/// How a condition stands between `if` and what it decides on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Bare,
    InBrackets,
}

/// How a function is written that stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closure {
    /// `func(x X) { … }`
    Func,
    /// `x => …`
    Arrow,
}

/// How a variable is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declares {
    /// `x X`. What is made of a type is written with its fields in braces.
    NameFirst,
    /// `X x`
    TypeFirst,
}

/// A way to write a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) open: &'static str,
    pub(super) close: &'static str,
    /// How the closing quotes stand for themselves.
    pub(super) escape: Escape,
    /// Whether it may hold the end of a line.
    pub(super) has_lines: bool,
    /// What an expression within it begins with.
    pub(super) hole: Option<&'static str>,
}

/// How something stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    Backslash,
    Doubled,
}

const fn form(open: &'static str, close: &'static str, escape: Escape) -> Form {
    Form { open, close, escape, has_lines: false, hole: None }
}

const fn lines(open: &'static str, close: &'static str, escape: Escape) -> Form {
    Form { open, close, escape, has_lines: true, hole: None }
}

const fn holes(form: Form, hole: &'static str) -> Form {
    Form { hole: Some(hole), ..form }
}

const PLAIN: Form = form("\"", "\"", Escape::Backslash);
const CHARACTER: Form = form("'", "'", Escape::Backslash);

impl Language {
    /// The language of a file, by its name.
    pub(crate) fn of(path: &RepoPath) -> Option<&'static Self> {
        Some(match path.extension()? {
            "java" => &Self::JAVA,
            "kt" => &Self::KOTLIN,
            "cs" => &Self::CSHARP,
            "go" => &Self::GO,
            _ => return None,
        })
    }

    pub(crate) const JAVA: Self = Self {
        forms: &[lines("\"\"\"", "\"\"\"", Escape::Backslash), PLAIN, CHARACTER],
        nests_comments: false,
        has_directives: false,
        ends_with_line: false,
        condition: Condition::InBrackets,
        closure: Closure::Arrow,
        declares: Declares::TypeFirst,
        annotation: '@',
    };

    pub(crate) const KOTLIN: Self = Self {
        forms: &[holes(lines("\"\"\"", "\"\"\"", Escape::None), "$"), holes(PLAIN, "$"), CHARACTER],
        nests_comments: true,
        ends_with_line: true,
        declares: Declares::NameFirst,
        ..Self::JAVA
    };

    pub(crate) const CSHARP: Self = Self {
        forms: &[
            holes(lines("$@\"", "\"", Escape::Doubled), "{"),
            holes(lines("@$\"", "\"", Escape::Doubled), "{"),
            holes(lines("$\"\"\"", "\"\"\"", Escape::None), "{"),
            lines("\"\"\"", "\"\"\"", Escape::None),
            lines("@\"", "\"", Escape::Doubled),
            holes(form("$\"", "\"", Escape::Backslash), "{"),
            PLAIN,
            CHARACTER,
        ],
        nests_comments: false,
        has_directives: true,
        ends_with_line: false,
        condition: Condition::InBrackets,
        closure: Closure::Arrow,
        declares: Declares::TypeFirst,
        annotation: '[',
    };

    pub(crate) const GO: Self = Self {
        forms: &[lines("`", "`", Escape::None), PLAIN, CHARACTER],
        nests_comments: false,
        has_directives: false,
        ends_with_line: true,
        condition: Condition::Bare,
        closure: Closure::Func,
        declares: Declares::NameFirst,
        annotation: '\0',
    };
}

impl Form {
    /// How long the text is that `rest` begins with, with its quotes. One that nothing closes ends with its line, or with the
    /// file.
    pub(super) fn length(&self, rest: &str) -> usize {
        let mut at = self.open.len();
        let mut depth = 0_usize;
        let mut in_nested = false;
        while let Some(left) = rest.get(at..) {
            let Some(letter) = left.chars().next() else { break };
            if letter == '\n' && !self.has_lines {
                return at;
            }
            let skipped = if depth > 0 {
                // Within an expression, which may hold texts of its own.
                match letter {
                    '"' => in_nested = !in_nested,
                    '{' if !in_nested => depth += 1,
                    '}' if !in_nested => depth -= 1,
                    _ => {}
                }
                letter.len_utf8()
            } else if let Some(length) = self.escaped(left) {
                length
            } else if left.starts_with(self.close) {
                // Quotes that stand before the closing ones belong to the text.
                let more = left.get(self.close.len()..).unwrap_or_default();
                let more =
                    if self.close.len() == 3 { more.len() - more.trim_start_matches('"').len() } else { 0 };
                return at + self.close.len() + more;
            } else if let Some(length) = self.hole(left) {
                depth = 1;
                in_nested = false;
                length
            } else {
                letter.len_utf8()
            };
            at += skipped;
        }
        rest.len()
    }

    /// The length of what stands for itself at the beginning of `left`.
    fn escaped(&self, left: &str) -> Option<usize> {
        match self.escape {
            Escape::Backslash if left.starts_with('\\') => {
                let next = left.chars().nth(1).filter(|next| *next != '\n' || self.has_lines);
                Some(1 + next.map_or(0, char::len_utf8))
            }
            Escape::Doubled if left.starts_with("\"\"") => Some(2),
            _ if self.hole == Some("{") && left.starts_with("{{") => Some(2),
            _ => None,
        }
    }

    /// The length of what begins an expression in braces.
    fn hole(&self, left: &str) -> Option<usize> {
        match self.hole? {
            "$" => left.starts_with("${").then_some(2),
            open => left.starts_with(open).then_some(open.len()),
        }
    }
}
