//! Where an expression is evaluated: what its paths begin from, its `each`, and the names bound around it.

use std::rc::Rc;

use super::instance::{Each, Instance};
use super::names::Names;
use super::value::Value;

/// The surroundings of an expression.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a, 'p> {
    pub(super) ground: Ground<'a, 'p>,
    pub(super) each: &'a Each,
    pub(super) bound: Option<&'a Binding<'a>>,
}

/// What a path begins from where no name is bound.
#[derive(Clone, Copy)]
pub(super) enum Ground<'a, 'p> {
    /// A module instance.
    Module(&'a Rc<Instance<'p>>),
    /// The names of a file outside of Terraform.
    Names {
        names: &'a Names,
        /// Whether the expression decides which of several others counts.
        in_condition: bool,
    },
    /// Nothing: the text of a template file, the default of a variable.
    Nothing,
}

/// A name bound by `for`, `dynamic` or a template file, and those bound further out.
#[derive(Clone, Copy)]
pub(super) struct Binding<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a Value,
    pub(super) outer: Option<&'a Binding<'a>>,
}

impl<'a, 'p> Scope<'a, 'p> {
    /// No names but those that are bound.
    pub(super) const EMPTY: Self = Self { ground: Ground::Nothing, each: &Each::None, bound: None };

    /// The top of a module instance.
    pub(super) fn of(instance: &'a Rc<Instance<'p>>, each: &'a Each) -> Self {
        Self { ground: Ground::Module(instance), each, bound: None }
    }

    /// The surroundings of a condition that stands here.
    pub(super) fn of_condition(self) -> Self {
        let ground = match self.ground {
            Ground::Names { names, .. } => Ground::Names { names, in_condition: true },
            ground => ground,
        };
        Self { ground, ..self }
    }

    /// The value bound to `name`.
    pub(super) fn lookup(&self, name: &str) -> Option<&'a Value> {
        std::iter::successors(self.bound, |binding| binding.outer)
            .find(|binding| binding.name == name)
            .map(|binding| binding.value)
    }

    /// These surroundings with one more name bound.
    pub(super) fn with<'b>(self, binding: &'b Binding<'b>) -> Scope<'b, 'p>
    where
        'a: 'b,
    {
        Scope { ground: self.ground, each: self.each, bound: Some(binding) }
    }
}
