//! The environment variables of the program, with what it sets itself.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use policy_http::environment::{Environment, Variable};
use policy_text::source::{RepoPath, Sources};

use super::asked::Told;
use super::value::Value;
use crate::program::Program;

/// What a program asks of the environment that it is given. What it answers differs only where these answers do.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    /// What these variables are set to.
    values: BTreeSet<String>,
    /// Whether something may set these fields of classes of settings.
    fields: BTreeSet<String>,
}

impl Questions {
    /// Whether two environments answer all of them alike.
    pub(crate) fn are_answered_alike(&self, one: &Environment, other: &Environment) -> bool {
        self.values.iter().all(|name| one.get(name) == other.get(name))
            && self.fields.iter().all(|name| may_set_field(one, name) == may_set_field(other, name))
    }
}

/// The variables as the program sees them.
pub(crate) struct Variables<'m> {
    given: &'m Environment,
    /// The variables that files of the tree may give where nothing else does: `.env` beside the program.
    in_files: BTreeSet<String>,
    /// What was asked of it.
    questions: RefCell<Questions>,
    /// What modules set, in place of what was given.
    set: BTreeMap<String, Value<'m>>,
}

impl<'m> Variables<'m> {
    pub(crate) fn new(given: &'m Environment, program: &Program, sources: &Sources<'_>) -> Self {
        let in_files = names_in_files(program, sources);
        Self { given, in_files, questions: RefCell::default(), set: BTreeMap::new() }
    }

    /// All that was asked of the environment.
    pub(super) fn into_questions(self) -> Questions {
        self.questions.into_inner()
    }

    /// What the environment says of a variable.
    fn ask(&self, name: &str) -> Variable<'m> {
        self.questions.borrow_mut().values.insert(name.to_owned());
        self.given.get(name)
    }

    /// The value of a variable, or of `default` where it is not set.
    pub(super) fn get(&self, name: Option<&str>, default: Value<'m>) -> Value<'m> {
        let Some(name) = name else { return Value::Unknown };
        if let Some(value) = self.set.get(name) {
            return value.clone();
        }
        match self.ask(name) {
            Variable::Set(value) => Value::text(value),
            Variable::Unset if self.in_files.contains(name) => Value::Unknown,
            Variable::Unset => default,
            Variable::Unknown => Value::Unknown,
        }
    }

    /// Sets a variable.
    pub(super) fn set(&mut self, name: &str, value: Value<'m>) {
        self.set.insert(name.to_owned(), value);
    }

    /// Sets a variable where it is not set. Where nothing is known of it, what the program itself proposes is what it
    /// is written for.
    pub(super) fn set_default(&mut self, name: &str, value: Value<'m>) {
        if !self.set.contains_key(name) && !matches!(self.ask(name), Variable::Set(_)) {
            self.set(name, value);
        }
    }

    /// What stands for the variable that sets the field `name` of a class of settings, where the program is told an address
    /// by it.
    pub(super) fn told_field(&self, name: &str) -> Option<&'m str> {
        let mut set = self.given.set().filter(|(set, _)| set.eq_ignore_ascii_case(name));
        set.find_map(|(_, value)| value.filter(|value| Told::is_value(value)))
    }

    /// Whether some variable may set the field `name` of a class of settings.
    pub(super) fn may_set_field(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let in_files = self.in_files.iter().any(|set| set.to_lowercase().ends_with(&name));
        let may = in_files || may_set_field(self.given, &name);
        self.questions.borrow_mut().fields.insert(name);
        may
    }
}

/// Whether some variable may set the field of this name in small letters: classes of settings may put a prefix before the name of
/// a field, and disregard case.
fn may_set_field(environment: &Environment, name: &str) -> bool {
    !environment.is_whole() || environment.set().any(|(set, _)| set.to_lowercase().ends_with(name))
}

/// The variables of the files that a program may load: those called `.env` in the folders that it imports from, and around
/// them.
fn names_in_files(program: &Program, sources: &Sources<'_>) -> BTreeSet<String> {
    let folders: BTreeSet<RepoPath> = program.roots.iter().flat_map(RepoPath::ancestors).collect();
    let files = folders.iter().filter_map(|folder| sources.find(&folder.join(".env")?));
    let texts = files.filter_map(|file| sources.read_handwritten(file).ok().flatten());
    let mut names = BTreeSet::new();
    for text in texts {
        let lines = text.lines().map(|line| line.trim().trim_start_matches("export "));
        let set = lines.filter_map(|line| line.split_once('='));
        names.extend(set.map(|(name, _)| name.trim().to_owned()));
    }
    names
}
