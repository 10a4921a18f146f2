//! Simulated shell scripts: every command with the values that its words can have, and the folder that it runs in.

mod comparison;
mod execute;
mod expand;
mod expected_failure;
mod limits;
mod nested;
mod run;
mod script_text;
mod state;
mod substitution;
mod word;

pub use expand::expand_document;
pub use expected_failure::FILE_TESTS;
pub use run::{Run, run, run_within};
pub use script_text::script_of;
pub use state::{CHECKOUT, State, placeholder_index};
pub use word::Word;

use std::borrow::Cow;

use policy_text::embedded::Embedded;
use policy_text::source::{RepoPath, Span};
use policy_text::value::alternatives::Alternatives;

use limits::Limits;

/// A command that a script can come to.
#[derive(Clone, Debug)]
pub struct Command {
    /// The name and the arguments.
    pub words: Vec<Word>,
    /// The folder it runs in, where that is known.
    pub folder: Option<RepoPath>,
    /// The whole command.
    pub at: Span,
    /// What it reads, where the script says so.
    pub input: Option<Input>,
    /// The file that its output goes to.
    pub output: Option<Word>,
    /// Whether its output goes to another command.
    pub piped: bool,
    /// Whether it runs on another machine.
    pub remote: bool,
    /// Whether its output is put into another command: `$(…)`.
    pub substituted: bool,
    /// What the script makes of it where it fails.
    pub failure: Failure,
}

/// What a script makes of a command that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is a failure of the script, whether that stops there or not.
    Counts,
    /// It is expected: a condition, what stands before `|| true`, and what is only done once a look at files or at the cloud
    /// has said so.
    Expected,
}

/// What a command reads.
#[derive(Clone, Debug)]
pub enum Input {
    /// A here-document: `<<EOF`.
    Document(Document),
    /// A file: `< path`.
    File(Word),
    /// A here-string: `<<< text`.
    Text(Word),
}

/// A here-document.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text, with a private character in the place of each part that the shell puts in.
    pub text: Embedded,
    /// What the private characters stand for, in their order.
    pub placeholders: Vec<Alternatives>,
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

impl Command {
    /// A command of these words, with no script around it.
    pub fn of_words(words: Vec<Word>, folder: Option<RepoPath>, at: Span) -> Self {
        Self {
            words,
            folder,
            at,
            input: None,
            output: None,
            piped: false,
            remote: false,
            substituted: false,
            failure: Failure::Counts,
        }
    }

    /// The here-document that it reads.
    pub fn document(&self) -> Option<&Document> {
        match self.input.as_ref()? {
            Input::Document(document) => Some(document),
            Input::File(_) | Input::Text(_) => None,
        }
    }

    /// The name of the program; empty where it is not known.
    pub fn name(&self) -> String {
        self.words.first().and_then(Word::known).map(Cow::into_owned).unwrap_or_default()
    }

    /// Whether all of `words` are among the arguments.
    pub fn says(&self, words: &[&str]) -> bool {
        words
            .iter()
            .all(|wanted| self.words.iter().skip(1).any(|word| word.known().as_deref() == Some(*wanted)))
    }
}
