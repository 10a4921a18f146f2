//! A program: the module that it starts with, and what decides what that module builds.

mod command;

use std::collections::BTreeMap;

use policy_text::source::{FileId, RepoPath};

pub use command::program;

/// A program in Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What answers its requests.
    pub start: Start,
    /// The folders that modules are imported from, the first of which wins.
    pub roots: Vec<RepoPath>,
}

/// What answers the requests of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// An object of a module, which a server loads.
    Object(FileId, Named),
    /// Whatever the module serves when it runs as a script.
    Script(FileId),
}

/// How the object is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// By this name, which may have dots.
    Name(String),
    /// As what the function of this name gives.
    Call(String),
    /// Not at all: the framework looks for it.
    Found,
}

/// The environment variables that a program runs with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    set: BTreeMap<String, Option<String>>,
    others_unset: bool,
}

impl Environment {
    /// Nothing is known of it.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// These are set, each to its value where that is known, and no other is.
    pub fn of(set: impl IntoIterator<Item = (String, Option<String>)>) -> Self {
        Self { set: set.into_iter().collect(), others_unset: true }
    }
}

/// What is known of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variable<'e> {
    Set(&'e str),
    Unset,
    Unknown,
}

impl Environment {
    /// What is known of a variable.
    pub(crate) fn get(&self, name: &str) -> Variable<'_> {
        match self.set.get(name) {
            Some(Some(value)) => Variable::Set(value),
            None if self.others_unset => Variable::Unset,
            _ => Variable::Unknown,
        }
    }

    /// The value of a variable, where it is set and known.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.set.get(name)?.as_deref()
    }

    /// Whether some variable may set the field `name` of a class of settings. Such classes may put a prefix before the
    /// name of a field, and disregard case.
    pub(crate) fn may_set_field(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        !self.others_unset || self.set.keys().any(|set| set.to_lowercase().ends_with(&name))
    }
}

/// The working directory of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory<'d> {
    /// Its path where the command runs.
    pub in_image: &'d str,
    /// The folder of the tree that it holds.
    pub folder: RepoPath,
}

impl Directory<'_> {
    /// Where in the tree a path of the command lies.
    fn place(&self, path: &str) -> Option<RepoPath> {
        if !path.starts_with('/') {
            return self.folder.join(path);
        }
        let inside = path.strip_prefix(self.in_image.trim_end_matches('/'))?;
        self.folder.join(inside.strip_prefix('/').unwrap_or(inside))
    }
}
