//! Dictionaries of Python.

use std::collections::HashMap;
use std::rc::Rc;

use super::value::Value;

/// A dictionary: what was put into it, in order.
#[derive(Debug, Default)]
pub(super) struct Dict<'m> {
    entries: Vec<(Value<'m>, Value<'m>)>,
    /// Which entry counts for each key that is text: the last one.
    by_text: HashMap<Rc<str>, usize>,
}

impl<'m> Dict<'m> {
    pub(super) fn new(entries: Vec<(Value<'m>, Value<'m>)>) -> Self {
        let mut dict = Self::default();
        for (key, value) in entries {
            dict.insert(key, value);
        }
        dict
    }

    pub(super) fn entries(&self) -> &[(Value<'m>, Value<'m>)] {
        &self.entries
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value<'m>> {
        self.entries.get(*self.by_text.get(key)?).map(|(_, value)| value)
    }

    pub(super) fn insert(&mut self, key: Value<'m>, value: Value<'m>) {
        if let Some(text) = key.known_text() {
            self.by_text.insert(text.into(), self.entries.len());
        }
        self.entries.push((key, value));
    }
}
