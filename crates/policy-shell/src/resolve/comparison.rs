//! Comparisons of a variable with a word: which of its values each branch can have.

use brush_parser::ast::{self, BinaryPredicate, CommandPrefixOrSuffixItem as Item, ExtendedTestExpr};

use policy_text::value::Text;
use policy_text::value::alternatives::Alternatives;

use super::state::{State, Value, placeholder_index};

/// What is compared.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A variable of the shell.
    Variable(String),
    /// A value that something else puts into the script, as the number of its placeholder.
    Placeholder(usize),
}

/// `"$SERVICE" = web`
#[derive(Debug)]
pub(super) struct Comparison {
    subject: Subject,
    word: String,
    is_equal: bool,
}

impl Comparison {
    /// The comparison that a condition is. `None` where it is anything else, or more.
    pub(super) fn of(condition: &ast::CompoundList) -> Option<Self> {
        let [ast::CompoundListItem(list, _)] = condition.0.as_slice() else { return None };
        if !list.additional.is_empty() {
            return None;
        }
        let ([command], false) = (list.first.seq.as_slice(), list.first.bang) else { return None };
        let (left, operator, right) = match command {
            ast::Command::Simple(simple) => bracketed(simple)?,
            ast::Command::ExtendedTest(test, _) => match &test.expr {
                ExtendedTestExpr::BinaryTest(predicate, left, right) => {
                    (left.value.as_str(), sign(predicate)?, right.value.as_str())
                }
                _ => return None,
            },
            _ => return None,
        };
        let is_equal = match operator {
            "=" | "==" => true,
            "!=" => false,
            _ => return None,
        };
        Some(Self { subject: Subject::of(left)?, word: plain(right)?.to_owned(), is_equal })
    }

    /// What holds where it is true, and where it is not. `None` for what cannot be.
    pub(super) fn branches(&self, state: &State) -> (Option<State>, Option<State>) {
        let equal = self.subject.narrowed(state, |value| value == self.word);
        let other = self.subject.narrowed(state, |value| value != self.word);
        if self.is_equal { (equal, other) } else { (other, equal) }
    }
}

impl Subject {
    /// The variable or placeholder that a word is.
    pub(super) fn of(word: &str) -> Option<Self> {
        let word = unquoted(word);
        if let Some(name) = word.strip_prefix('$') {
            let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
            let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && name.starts_with(|c: char| !c.is_ascii_digit());
            return is_name.then(|| Self::Variable(name.to_owned()));
        }
        let mut characters = word.chars();
        let placeholder = characters.next().and_then(placeholder_index)?;
        characters.next().is_none().then_some(Self::Placeholder(placeholder))
    }

    /// The state in which only those values are left that are not known, or that `fits`. Where none would be, they stay, unless
    /// no others can be: then it is `None`.
    pub(super) fn narrowed(&self, state: &State, fits: impl Fn(&str) -> bool) -> Option<State> {
        let values = match self {
            Self::Variable(name) => match state.variable(name) {
                Some(Value::Scalar(values)) => Some(values),
                _ => None,
            },
            Self::Placeholder(index) => state.placeholders.get(*index),
        };
        let may_fit = |value: &&Text| value.known().is_none_or(|value| fits(&value));
        let left: Alternatives = values.into_iter().flatten().filter(may_fit).cloned().collect();
        let mut narrowed = state.clone();
        match self {
            Self::Placeholder(index) if left.is_empty() && state.settled.contains(index) => return None,
            Self::Variable(name) if left.is_empty() && state.is_settled(name) => return None,
            _ if left.is_empty() => {}
            Self::Variable(name) => {
                narrowed.set(name, left);
                if state.is_settled(name) {
                    narrowed.settle_variable(name);
                }
            }
            Self::Placeholder(index) => {
                if let Some(values) = narrowed.placeholders.get_mut(*index) {
                    *values = left;
                }
            }
        }
        Some(narrowed)
    }
}

/// The three words of `[ a = b ]`, and of `test a = b`.
fn bracketed(command: &ast::SimpleCommand) -> Option<(&str, &str, &str)> {
    let name = command.word_or_name.as_ref()?.value.as_str();
    let items = &command.suffix.as_ref()?.0;
    let words: Option<Vec<&str>> = items
        .iter()
        .map(|item| match item {
            Item::Word(word) | Item::AssignmentWord(_, word) => Some(word.value.as_str()),
            Item::IoRedirect(_) | Item::ProcessSubstitution(..) => None,
        })
        .collect();
    match (name, words?.as_slice()) {
        ("[", [left, operator, right, "]"]) | ("test", [left, operator, right]) => {
            Some((left, operator, right))
        }
        _ => None,
    }
}

fn sign(predicate: &BinaryPredicate) -> Option<&'static str> {
    match predicate {
        BinaryPredicate::StringExactlyMatchesPattern | BinaryPredicate::StringExactlyMatchesString => {
            Some("=")
        }
        BinaryPredicate::StringDoesNotExactlyMatchPattern
        | BinaryPredicate::StringDoesNotExactlyMatchString => Some("!="),
        _ => None,
    }
}

/// A word as it is written, where it means just that.
pub(super) fn plain(word: &str) -> Option<&str> {
    let word = unquoted(word);
    let means_more = |c: char| "$`\\\"'*?[".contains(c) || placeholder_index(c).is_some();
    (!word.contains(means_more)).then_some(word)
}

fn unquoted(word: &str) -> &str {
    let within = |quote: char| word.strip_prefix(quote)?.strip_suffix(quote);
    within('"').or_else(|| within('\'')).unwrap_or(word)
}
