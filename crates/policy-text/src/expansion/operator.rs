//! What `${NAME…}` does with a variable's value: `:-`, `+`, `##` and their kin.

/// What stands between the name and the word of `${NAME:-word}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it does.
    pub action: Action,
    /// Whether an empty value counts as none: `:-`, not `-`.
    pub or_empty: bool,
}

/// What an [`Operator`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `-`: the word stands in for a value that is missing.
    Default,
    /// `=`: so it does, and the variable has it from then on.
    Assign,
    /// `+`: the word takes the place of a value, and nothing that of none.
    Alternative,
    /// `?`: the word says why there must be a value.
    Require,
    /// Anything else: `#`, `%`, `/`, `^`, an offset. It changes the value.
    Change,
}

impl Operator {
    /// The operator that `text`, which follows a name, begins with, and its length. `None` where nothing follows the name. One
    /// that changes the value is part of its word.
    pub fn parse(text: &str) -> Option<(Self, usize)> {
        let (character, or_empty) = match text.strip_prefix(':') {
            Some(rest) => (rest.chars().next(), true),
            None => (Some(text.chars().next()?), false),
        };
        let action = match character {
            Some('-') => Action::Default,
            Some('=') => Action::Assign,
            Some('+') => Action::Alternative,
            Some('?') => Action::Require,
            _ => return Some((Self { action: Action::Change, or_empty: false }, 0)),
        };
        Some((Self { action, or_empty }, 1 + usize::from(or_empty)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_takes_what_is_empty_for_missing() {
        for (written, action) in [
            ("-", Action::Default),
            ("=", Action::Assign),
            ("+", Action::Alternative),
            ("?", Action::Require),
        ] {
            let without = Operator::parse(&format!("{written}word"));
            assert_eq!(without, Some((Operator { action, or_empty: false }, 1)));
            let with = Operator::parse(&format!(":{written}word"));
            assert_eq!(with, Some((Operator { action, or_empty: true }, 2)));
        }
    }

    #[test]
    fn what_is_none_of_these_changes_the_value() {
        for written in ["#x", "%%x", "/a/b", ":1:2", ":", "^^", ".b", "é"] {
            let change = Operator { action: Action::Change, or_empty: false };
            assert_eq!(Operator::parse(written), Some((change, 0)), "{written}");
        }
        assert_eq!(Operator::parse(""), None);
    }
}
