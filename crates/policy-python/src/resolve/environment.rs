//! The environment variables of the program, with what it sets itself.

use std::collections::BTreeMap;

use policy_http::environment::{Environment, Variable};

use super::asked::Told;
use super::value::Value;

/// The variables as the program sees them.
pub(crate) struct Variables<'m> {
    given: &'m Environment,
    /// What modules set, in place of what was given.
    set: BTreeMap<String, Value<'m>>,
}

impl<'m> Variables<'m> {
    pub(crate) fn new(given: &'m Environment) -> Self {
        Self { given, set: BTreeMap::new() }
    }

    /// The value of a variable, or of `default` where it is not set.
    pub(super) fn get(&self, name: Option<&str>, default: Value<'m>) -> Value<'m> {
        let Some(name) = name else { return Value::Unknown };
        if let Some(value) = self.set.get(name) {
            return value.clone();
        }
        match self.given.get(name) {
            Variable::Set(value) => Value::text(value),
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
        if !self.set.contains_key(name) && self.given.value(name).is_none() {
            self.set(name, value);
        }
    }

    /// What stands for the variable that sets the field `name` of a class of settings, where the program is told an address
    /// by it.
    pub(super) fn told_field(&self, name: &str) -> Option<&'m str> {
        let mut set = self.given.set().filter(|(set, _)| set.eq_ignore_ascii_case(name));
        set.find_map(|(_, value)| value.filter(|value| Told::is_value(value)))
    }

    /// Whether some variable may set the field `name` of a class of settings. Such classes may put a prefix before the
    /// name of a field, and disregard case.
    pub(super) fn may_set_field(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        !self.given.is_whole() || self.given.set().any(|(set, _)| set.to_lowercase().ends_with(&name))
    }
}
