//! What a shell knows at a point of a script: its variables, its folder and its arguments.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::resolve::alternatives::{Alternatives, MAX_ALTERNATIVES};
use crate::resolve::{Origin, Text};
use crate::source::{RepoPath, Span};

/// Private characters from here up to [`CHECKOUT`] stand for values that the shell is not the one to put in.
pub(super) const FIRST_PLACEHOLDER: char = '\u{e000}';
/// Stands for the path of the checkout in a text, as in `$(git rev-parse --show-toplevel)/app`.
pub(crate) const CHECKOUT: char = '\u{f8ff}';

/// Which placeholder a character is, counted from the first.
pub(crate) fn placeholder_index(character: char) -> Option<usize> {
    (FIRST_PLACEHOLDER..CHECKOUT)
        .contains(&character)
        .then(|| character as usize - FIRST_PLACEHOLDER as usize)
}

/// Variables, folder and arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Variables by name.
    pub(crate) variables: BTreeMap<Arc<str>, Value>,
    /// The folder that commands run in, where it is one of the repository's.
    pub(crate) folder: Option<RepoPath>,
    /// The folder that the script lies in, which `dirname "$0"` gives.
    pub(crate) script: Option<RepoPath>,
    /// The values that placeholders stand for, in the order of the characters.
    pub(crate) placeholders: Vec<Alternatives>,
    /// The arguments of the function that runs. `None` at the top of a script: its caller decides them.
    pub(super) arguments: Option<Vec<Alternatives>>,
    /// The folders that `pushd` came from.
    pub(super) folders: Vec<Option<RepoPath>>,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text.
    Scalar(Alternatives),
    /// The elements of an array, of any length.
    List(Alternatives),
}

impl State {
    /// A shell that starts in `folder` to run a script that lies in the folder `script`.
    pub(crate) fn starting_in(folder: Option<RepoPath>, script: Option<RepoPath>) -> Self {
        Self { folder, script, ..Self::default() }
    }

    /// Sets a variable to text.
    pub(crate) fn set(&mut self, name: &str, values: Alternatives) {
        self.variables.insert(name.into(), Value::Scalar(values));
    }

    /// A private character that stands for `values` from now on. `None` where all are taken.
    pub(crate) fn stand_in(&mut self, values: Alternatives) -> Option<char> {
        let index = u32::try_from(self.placeholders.len()).ok()?;
        let placeholder = char::from_u32(FIRST_PLACEHOLDER as u32 + index).filter(|next| *next < CHECKOUT)?;
        self.placeholders.push(values);
        Some(placeholder)
    }

    /// What holds after either of the branches.
    pub(super) fn merge(mut self, other: Self) -> Self {
        for (name, value) in other.variables {
            match self.variables.get_mut(&name) {
                Some(own) => own.add(value),
                None => {
                    self.variables.insert(name, value);
                }
            }
        }
        if self.folder != other.folder {
            self.folder = None;
        }
        self
    }

    /// The path of a folder of the repository, as text.
    pub(super) fn path_text(folder: Option<&RepoPath>, at: Span) -> Text {
        match folder {
            Some(folder) if folder.is_root() => Text::literal(CHECKOUT.to_string(), at),
            Some(folder) => Text::literal(format!("{CHECKOUT}/{}", folder.as_str()), at),
            None => Text::hole(Origin::Call("pwd".into()), at),
        }
    }

    /// The folder or file of the repository that `path` names from the current folder.
    pub(crate) fn resolve(&self, path: &Text) -> Option<RepoPath> {
        let path = path.known()?;
        match path.strip_prefix(CHECKOUT) {
            Some(rest) => RepoPath::root().join(rest.trim_start_matches('/')),
            None if path.starts_with('~') => None,
            None => self.folder.as_ref()?.join(&path),
        }
    }
}

impl Value {
    /// All that the value can be, element by element.
    pub(super) fn all(&self) -> &Alternatives {
        match self {
            Self::Scalar(values) | Self::List(values) => values,
        }
    }

    fn add(&mut self, other: Self) {
        let (Self::Scalar(own) | Self::List(own)) = self;
        let (Self::Scalar(values) | Self::List(values)) = other;
        for value in values {
            if !own.contains(&value) {
                own.push(value);
            }
        }
        own.truncate(4 * MAX_ALTERNATIVES);
    }
}
