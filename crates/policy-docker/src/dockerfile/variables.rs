//! Variables in a Dockerfile's words: `$NAME`, `${NAME:-default}` and their kin, with quotes removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::embedded::Embedded;
use policy_text::expansion::{self, Action, Dialect, Substitute, Variable};
use policy_text::value::{Origin, Piece, Text};

use super::{Assignment, Word};

/// The variables that a word can use, with their values.
#[derive(Debug, Default)]
pub struct Scope {
    values: BTreeMap<String, Arc<Text>>,
    /// The variables of the stage below, where this one does not set them anew.
    below: Option<Arc<Scope>>,
}

impl Scope {
    /// The variables of a stage that is built on the one with the variables `below`.
    pub fn above(below: Arc<Scope>) -> Self {
        Self { values: BTreeMap::new(), below: Some(below) }
    }

    /// The value of a variable. `None` where nothing sets it here; the base image still may.
    pub fn get(&self, name: &str) -> Option<&Text> {
        let mut scopes = std::iter::successors(Some(self), |scope| scope.below.as_deref());
        scopes.find_map(|scope| scope.values.get(name).map(Arc::as_ref))
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: impl Into<Arc<Text>>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// What an `ARG` declares: a value given to the build wins over the default, `global` (the same `ARG` before the first
    /// `FROM`) stands in for a missing default, and what has no value at all is a hole.
    pub fn declared(
        &self,
        arg: &Assignment,
        given: &BTreeMap<String, Text>,
        global: Option<&Scope>,
        escape: char,
    ) -> Text {
        let name = &arg.name.text;
        match (given.get(name), &arg.value) {
            (Some(given), _) => given.clone(),
            (None, Some(default)) => expand(default, self, escape),
            (None, None) => global
                .and_then(|global| global.get(name).cloned())
                .unwrap_or_else(|| Text::hole(Origin::Parameter(name.as_str().into()), arg.name.at)),
        }
    }
}

/// The value of `word`: variables replaced, quotes and escapes removed. A variable that `scope` lacks is a hole, since
/// the base image can set it.
pub fn expand(word: &Word, scope: &Scope, escape: char) -> Text {
    let dialect = Dialect { doubled_dollar: false, escape: Some(escape), quotes: true };
    // All of a word has one place.
    let mut text = Embedded::new(word.at.file);
    text.push_for(&word.text, word.at);
    expansion::expand(&text, dialect, |variable| substitute(variable, scope))
}

fn substitute(variable: &Variable<'_>, scope: &Scope) -> Substitute {
    let value = scope.get(variable.name);
    let or_empty = variable.operator.is_some_and(|operator| operator.or_empty);
    let is_set = |value: &Text| !(or_empty && value.is_empty());
    match (variable.operator.map(|operator| operator.action), value) {
        (None | Some(Action::Require), Some(value)) => used(value, variable),
        // The value of an argument that nobody gives is unknown, and a default stands in for it.
        (Some(Action::Default), Some(value)) if is_set(value) && !is_one_hole(value) => used(value, variable),
        (Some(Action::Default), _) => Substitute::Word,
        (Some(Action::Alternative), Some(value)) if value.known().is_some() => {
            if is_set(value) {
                Substitute::Word
            } else {
                Substitute::Text(Text::empty())
            }
        }
        _ => Substitute::Text(Text::hole(Origin::Environment(variable.name.into()), variable.at)),
    }
}

fn used(value: &Text, variable: &Variable<'_>) -> Substitute {
    Substitute::Text(value.through(variable.at, format!("`{}` is used here", variable.name)))
}

fn is_one_hole(value: &Text) -> bool {
    matches!(value.pieces(), [Piece::Hole(_)])
}
