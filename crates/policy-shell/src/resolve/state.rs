//! What a shell knows at a point of a script: its variables, its folder and its arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy_text::source::{RepoPath, Span};
use policy_text::value::alternatives::{Alternatives, MAX_ALTERNATIVES};
use policy_text::value::{Origin, Text};

use super::word::Word;

/// Private characters from here up to [`CHECKOUT`] stand for values that the shell is not the one to put in.
pub(super) const FIRST_PLACEHOLDER: char = '\u{e000}';
/// Stands for the path of the checkout in a text, as in `$(git rev-parse --show-toplevel)/app`.
pub const CHECKOUT: char = '\u{f8ff}';

/// Which placeholder a character is, counted from the first.
pub fn placeholder_index(character: char) -> Option<usize> {
    (FIRST_PLACEHOLDER..CHECKOUT)
        .contains(&character)
        .then(|| character as usize - FIRST_PLACEHOLDER as usize)
}

/// Variables, folder and arguments.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Variables by name. Branches and shells of their own share them until they set one.
    pub(super) variables: Arc<BTreeMap<Arc<str>, Value>>,
    /// The folder that commands run in, where it is one of the repository's.
    pub folder: Option<RepoPath>,
    /// The folder that the script lies in, which `dirname "$0"` gives.
    pub script: Option<RepoPath>,
    /// The values that placeholders stand for, in the order of the characters.
    pub placeholders: Vec<Alternatives>,
    /// The placeholders that stand for no other values than these, by their numbers.
    pub(super) settled: BTreeSet<usize>,
    /// The variables that hold no other values than the known ones.
    pub(super) settled_variables: Arc<BTreeSet<Arc<str>>>,
    /// The arguments of the function that runs. `None` at the top of a script: its caller decides them.
    pub(super) arguments: Option<Vec<Word>>,
    /// The folders that `pushd` came from.
    pub(super) folders: Vec<Option<RepoPath>>,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Text.
    Scalar(Alternatives),
    /// The elements of an array, of any length.
    List(Alternatives),
}

impl State {
    /// A shell that starts in `folder` to run a script that lies in the folder `script`.
    pub fn starting_in(folder: Option<RepoPath>, script: Option<RepoPath>) -> Self {
        Self { folder, script, ..Self::default() }
    }

    /// Sets a variable to text.
    pub fn set(&mut self, name: &str, values: Alternatives) {
        self.assign(name, Value::Scalar(values));
    }

    /// Sets a variable.
    pub(super) fn assign(&mut self, name: &str, value: Value) {
        Arc::make_mut(&mut self.variables).insert(name.into(), value);
        if self.settled_variables.contains(name) {
            Arc::make_mut(&mut self.settled_variables).remove(name);
        }
    }

    /// Says that a variable holds no other value than the one that it has just been given, if that is known.
    pub(super) fn settle_variable(&mut self, name: &str) {
        let is_known = |value: &Value| matches!(value, Value::Scalar(values) if values.iter().all(|value| value.known().is_some()));
        if self.variable(name).is_some_and(is_known) {
            Arc::make_mut(&mut self.settled_variables).insert(name.into());
        }
    }

    /// Keeps of what is known of variables only what is known there, too.
    pub(super) fn settled_within(&mut self, other: &Self) {
        if !Arc::ptr_eq(&self.settled_variables, &other.settled_variables) {
            Arc::make_mut(&mut self.settled_variables).retain(|name| other.settled_variables.contains(name));
        }
    }

    /// Whether a variable holds no other values than the known ones.
    pub(super) fn is_settled(&self, name: &str) -> bool {
        self.settled_variables.contains(name)
    }

    /// The variable called `name`.
    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }

    /// All that variables and placeholders stand for.
    pub fn values(&self) -> impl Iterator<Item = &Text> {
        self.variables.values().flat_map(Value::all).chain(self.placeholders.iter().flatten())
    }

    /// A private character that stands for `values` from now on. `None` where all are taken.
    pub fn stand_in(&mut self, values: Alternatives) -> Option<char> {
        let index = u32::try_from(self.placeholders.len()).ok()?;
        let placeholder = char::from_u32(FIRST_PLACEHOLDER as u32 + index).filter(|next| *next < CHECKOUT)?;
        self.placeholders.push(values);
        Some(placeholder)
    }

    /// Says that all values of a placeholder are known.
    pub fn settle(&mut self, placeholder: usize) {
        self.settled.insert(placeholder);
    }

    /// What holds after either of the branches.
    pub(super) fn merge(mut self, other: &Self) -> Self {
        if !Arc::ptr_eq(&self.variables, &other.variables) {
            let own = Arc::make_mut(&mut self.variables);
            for (name, value) in other.variables.iter() {
                match own.get_mut(name) {
                    Some(known) if known == value => {}
                    Some(known) => known.add(value),
                    None => {
                        own.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        self.settled_within(other);
        for (own, others) in self.placeholders.iter_mut().zip(&other.placeholders) {
            add(own, others);
        }
        if self.folder != other.folder {
            self.folder = None;
        }
        if self.arguments != other.arguments {
            self.arguments = None;
        }
        self
    }

    /// Drops the first arguments: as many as `count` says, and one where it says nothing.
    pub(super) fn shift(&mut self, count: Option<&Word>) {
        let count = count.map_or(Some(1), |word| word.known()?.parse().ok());
        self.arguments =
            self.arguments.take().zip(count).map(|(mut arguments, count): (Vec<Word>, usize)| {
                // A shell that has fewer drops none.
                if count <= arguments.len() {
                    arguments.drain(..count);
                }
                arguments
            });
    }

    /// The arguments with blanks between them.
    pub(super) fn joined_arguments(&self, at: Span) -> Option<Text> {
        let mut joined = Text::empty();
        for argument in self.arguments.as_ref()? {
            if !joined.is_empty() {
                joined.append(&Text::literal(" ", at));
            }
            joined.append(argument.first().unwrap_or(&Text::empty()));
        }
        Some(joined)
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
    pub fn resolve(&self, path: &Text) -> Option<RepoPath> {
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

    fn add(&mut self, other: &Self) {
        let (Self::Scalar(own) | Self::List(own)) = self;
        add(own, other.all());
    }
}

/// Adds the values that are not among `own`.
fn add(own: &mut Alternatives, others: &Alternatives) {
    if own == others {
        return;
    }
    for value in others {
        if !own.contains(value) {
            own.push(value.clone());
        }
    }
    own.truncate(4 * MAX_ALTERNATIVES);
}
