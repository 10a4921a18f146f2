//! The names that stand for values in HCL outside of Terraform.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::value::Origin;

use super::value::Value;

/// What an expression outside of Terraform may name, and how its language differs from Terraform's.
#[derive(Clone, Debug)]
pub struct Names {
    /// What stands behind a path: `TAG`, `var.tag`.
    named: BTreeMap<Arc<str>, Named>,
    origin: fn(&str) -> Origin,
    own_functions: &'static [&'static str],
}

#[derive(Clone, Debug)]
enum Named {
    Decided(Value),
    /// What counts where whoever runs the file sets nothing else.
    Default(Value),
}

impl Names {
    /// No name at all. `origin` says what decides a path that stands for nothing; `own_functions` are those that the
    /// language has of its own under a name of Terraform's, whose results are not known.
    pub fn new(origin: fn(&str) -> Origin, own_functions: &'static [&'static str]) -> Self {
        Self { named: BTreeMap::new(), origin, own_functions }
    }

    /// Lets `path`, one name or two with a dot between them, stand for `value`.
    pub fn insert(&mut self, path: impl Into<Arc<str>>, value: Value) {
        self.named.insert(path.into(), Named::Decided(value));
    }

    /// Lets `path` stand for `value` unless whoever runs the file says otherwise: a condition that asks for it can turn out
    /// either way.
    pub fn insert_default(&mut self, path: impl Into<Arc<str>>, value: Value) {
        self.named.insert(path.into(), Named::Default(value));
    }

    /// What `path` stands for; in a condition, what it stands for whoever runs the file.
    pub(super) fn get(&self, path: &str, in_condition: bool) -> Option<&Value> {
        match self.named.get(path)? {
            Named::Decided(value) => Some(value),
            Named::Default(value) => Some(value).filter(|_| !in_condition),
        }
    }

    /// What decides the value of a path that stands for nothing.
    pub(super) fn origin_of(&self, path: &str) -> Origin {
        (self.origin)(path)
    }

    /// Whether a function of this name is Terraform's.
    pub(super) fn take_function(&self, name: &str) -> bool {
        !self.own_functions.contains(&name)
    }
}
