//! Shell scripts run in thought: every command with the values its words can have and the folder it runs in.

mod execute;
mod expand;
mod limits;
mod nested;
mod run;
mod script_text;
mod state;
mod substitution;

pub(crate) use expand::expand_document;
pub(crate) use run::{Run, run};
pub(crate) use script_text::script_of;
pub(crate) use state::{CHECKOUT, State, placeholder_index};

use std::borrow::Cow;

use crate::parse::embedded::Embedded;
use limits::Limits;

use super::Text;
use super::alternatives::Alternatives;
use crate::source::{RepoPath, Span};

/// A command that a script can come to.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The name and the arguments.
    pub(crate) words: Vec<Word>,
    /// The folder it runs in, where that is known.
    pub(crate) folder: Option<RepoPath>,
    /// The whole command.
    pub(crate) at: Span,
    /// The here-document it reads.
    pub(crate) input: Option<Document>,
    /// The file that its output goes to.
    pub(crate) output: Option<Word>,
    /// Whether its output goes to another command.
    pub(crate) piped: bool,
    /// Whether it runs on another machine.
    pub(crate) remote: bool,
    /// Whether its output is put into another command: `$(…)`.
    pub(crate) substituted: bool,
}

/// A here-document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The text, with a private character in the place of each part that the shell puts in.
    pub(crate) text: Embedded,
    /// What the private characters stand for, in their order.
    pub(crate) placeholders: Vec<Alternatives>,
}

impl Document {
    /// A document as it is written; `expands` unless its end is quoted.
    fn new(text: Embedded, expands: bool, state: &State, limits: Limits<'_>) -> Self {
        let mut state = state.clone();
        let put_in = if expands { expand::document(&text, &mut state, limits) } else { Vec::new() };
        let text = put_in.first().and_then(|value| script_of(value, &mut state)).unwrap_or(text);
        Self { text, placeholders: state.placeholders }
    }
}

/// A word of a command with the values it can have.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The values; never empty.
    pub(crate) values: Alternatives,
    /// Where it is written.
    pub(crate) at: Span,
}

impl Word {
    /// The characters, where there is one value and all of it is known.
    pub(crate) fn known(&self) -> Option<Cow<'_, str>> {
        match self.values.as_slice() {
            [value] => value.known(),
            _ => None,
        }
    }

    /// The value that counts where only one can.
    pub(crate) fn first(&self) -> Option<&Text> {
        self.values.first()
    }
}

impl Command {
    /// The name of the program; empty where it is not known.
    pub(crate) fn name(&self) -> String {
        self.words.first().and_then(Word::known).map(Cow::into_owned).unwrap_or_default()
    }

    /// Whether all of `words` are among the arguments.
    pub(crate) fn says(&self, words: &[&str]) -> bool {
        words
            .iter()
            .all(|wanted| self.words.iter().skip(1).any(|word| word.known().as_deref() == Some(*wanted)))
    }
}
