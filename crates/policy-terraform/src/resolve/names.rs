//! The names that stand for values in HCL outside of Terraform.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::value::Origin;

use super::value::Value;

/// What an expression outside of Terraform may name, and how its language differs from Terraform's.
#[derive(Clone, Debug)]
pub struct Names {
    /// Values by the path that names them: `TAG`, `var.tag`.
    values: BTreeMap<Arc<str>, Value>,
    origin: fn(&str) -> Origin,
    own_functions: &'static [&'static str],
}

impl Names {
    /// No name at all. `origin` says what decides a path that stands for nothing; `own_functions` are those that the
    /// language has of its own under a name of Terraform's, whose results are not known.
    pub fn new(origin: fn(&str) -> Origin, own_functions: &'static [&'static str]) -> Self {
        Self { values: BTreeMap::new(), origin, own_functions }
    }

    /// Lets `path`, one name or two with a dot between them, stand for `value`.
    pub fn insert(&mut self, path: impl Into<Arc<str>>, value: Value) {
        self.values.insert(path.into(), value);
    }

    /// What `path` stands for.
    pub(super) fn get(&self, path: &str) -> Option<&Value> {
        self.values.get(path)
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
