//! Where an expression is evaluated: its module instance, its `each`, and the names bound around it.

use std::rc::Rc;

use super::instance::{Each, Instance};
use super::value::Value;

/// The surroundings of an expression.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a, 'p> {
    /// The module instance. `None` in the text of a template file, which sees only the names that it is given.
    pub(super) instance: Option<&'a Rc<Instance<'p>>>,
    pub(super) each: &'a Each,
    pub(super) names: Option<&'a Names<'a>>,
}

/// A name bound by `for`, `dynamic` or a template file, and those bound further out.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
    pub(super) outer: Option<&'a Names<'a>>,
}

impl<'a, 'p> Scope<'a, 'p> {
    /// The top of a module instance.
    pub(super) fn of(instance: &'a Rc<Instance<'p>>, each: &'a Each) -> Self {
        Self { instance: Some(instance), each, names: None }
    }

    /// The value bound to `name`.
    pub(super) fn lookup(&self, name: &str) -> Option<&'a Value> {
        std::iter::successors(self.names, |names| names.outer)
            .find(|names| names.name == name)
            .map(|names| names.value)
    }

    /// These surroundings with more names bound.
    pub(super) fn with<'b>(self, names: &'b Names<'b>) -> Scope<'b, 'p>
    where
        'a: 'b,
    {
        Scope { instance: self.instance, each: self.each, names: Some(names) }
    }
}
