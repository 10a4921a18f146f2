//! Words of commands.

use std::borrow::Cow;

use policy_text::source::Span;
use policy_text::value::Text;
use policy_text::value::alternatives::Alternatives;

use super::state::State;

/// A word of a command with the values it can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The values; never empty.
    pub values: Alternatives,
    /// Where it is written.
    pub at: Span,
}

impl Word {
    /// The characters, where there is one value and all of it is known.
    pub fn known(&self) -> Option<Cow<'_, str>> {
        match self.values.as_slice() {
            [value] => value.known(),
            _ => None,
        }
    }

    /// The name of the program that it runs as the first word of a command, without the folders before it.
    pub fn program(&self) -> Option<String> {
        let path = self.known()?;
        Some(path.rsplit('/').next().unwrap_or_default().to_owned())
    }

    /// The value that counts where only one can.
    pub fn first(&self) -> Option<&Text> {
        self.values.first()
    }
}

/// The arguments that a word stands for, each as its caller wrote it: `"$@"`, or `"${@:2}"` for all from the second.
pub(super) fn passed_on(word: &str, state: &State) -> Option<Vec<Word>> {
    let inner = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
    let from = match inner.unwrap_or(word) {
        "$@" | "${@}" => 1,
        "$*" | "${*}" if inner.is_none() => 1,
        sliced => {
            sliced.strip_prefix("${@:")?.strip_suffix('}')?.trim().parse().ok().filter(|from| *from > 0)?
        }
    };
    let arguments = state.arguments.as_ref()?;
    Some(arguments.get(from - 1..).unwrap_or_default().to_vec())
}

/// The parts of a value between blanks, each with the places of its own pieces.
pub(super) fn split(value: &Text) -> Vec<Text> {
    let mut parts = value.split(char::is_whitespace);
    parts.retain(|part| !part.is_empty());
    parts
}
