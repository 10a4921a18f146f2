//! A word of a command.

use std::borrow::Cow;

use policy_text::source::Span;
use policy_text::value::Text;
use policy_text::value::alternatives::Alternatives;

/// A word of a command with the values it can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The values; never empty.
    pub values: Alternatives,
    /// Where it is written.
    pub at: Span,
}

impl Word {
    /// The characters, where there is one value and all of it is known.
    pub fn known(&self) -> Option<Cow<'_, str>> {
        match self.values.as_slice() {
            [value] => value.known(),
            _ => None,
        }
    }

    /// The value that counts where only one can.
    pub fn first(&self) -> Option<&Text> {
        self.values.first()
    }
}
