//! The environment variables that a program runs with.

use std::collections::BTreeMap;

/// What is known of them all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Environment {
    set: BTreeMap<String, Option<String>>,
    others_unset: bool,
}

/// What is known of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable<'e> {
    /// Its value.
    Set(&'e str),
    /// It is not set.
    Unset,
    /// It may be set to anything, or not be set.
    Unknown,
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

    /// The same, where others may be set too.
    #[must_use]
    pub fn with_others(self) -> Self {
        Self { others_unset: false, ..self }
    }

    /// The same, where this variable has that value.
    #[must_use]
    pub fn with(mut self, name: String, value: String) -> Self {
        self.set.insert(name, Some(value));
        self
    }

    /// What is known of a variable.
    pub fn get(&self, name: &str) -> Variable<'_> {
        match self.set.get(name) {
            Some(Some(value)) => Variable::Set(value),
            None if self.others_unset => Variable::Unset,
            _ => Variable::Unknown,
        }
    }

    /// The value of a variable, where it is set and known.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.set.get(name)?.as_deref()
    }

    /// The variables that are set for certain, each with its value where that is known, by name.
    pub fn set(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.set.iter().map(|(name, value)| (name.as_str(), value.as_deref()))
    }

    /// Whether no other variable is set.
    pub fn is_whole(&self) -> bool {
        self.others_unset
    }
}
