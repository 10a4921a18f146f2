//! The arguments of a call.

use std::borrow::Cow;

use policy_text::source::Span;

use super::value::{Text, Value};

/// The arguments of a call, evaluated.
#[derive(Clone, Debug)]
pub(crate) struct Arguments<'m> {
    pub(crate) positional: Vec<Value<'m>>,
    pub(crate) named: Vec<(Cow<'m, str>, Value<'m>)>,
    /// Whether there are others that are not known.
    pub(crate) has_others: bool,
    /// The call.
    pub(crate) at: Span,
}

impl<'m> Arguments<'m> {
    /// No arguments.
    pub(crate) fn none(at: Span) -> Self {
        Self { positional: Vec::new(), named: Vec::new(), has_others: false, at }
    }

    /// The argument at that position or of that name.
    pub(crate) fn get(&self, position: usize, name: &str) -> Option<&Value<'m>> {
        self.positional.get(position).or_else(|| self.named(name))
    }

    /// The text of the argument at that position or of that name; unknown where there is none.
    pub(crate) fn text(&self, position: usize, name: &str) -> Text {
        self.get(position, name).map_or_else(Text::unknown, Value::as_text)
    }

    /// The argument of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Value<'m>> {
        self.named.iter().find(|(given, _)| *given == name).map(|(_, value)| value)
    }

    /// The argument of that name; unknown where it may be among those that are not known.
    pub(crate) fn perhaps_named(&self, name: &str) -> Option<Value<'m>> {
        self.named(name).cloned().or_else(|| self.has_others.then_some(Value::Unknown))
    }

    /// All of them.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value<'m>> {
        self.positional.iter().chain(self.named.iter().map(|(_, value)| value))
    }
}
