//! Addresses that variables tell a program, and what is asked for at them.

use policy_text::source::Span;

use super::value::Text;

/// Stand around the name of a variable, in the place of its value.
const TOLD: (char, char) = ('\u{e000}', '\u{e001}');

/// What calls have been seen to ask for.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) asked: Vec<Asked>,
}

/// An address that is handed to what sends requests.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) variable: String,
    /// What follows the variable, with a [`HOLE`](super::value::HOLE) for each unknown part.
    pub(crate) rest: String,
    pub(crate) method: Option<String>,
    pub(crate) at: Span,
}

impl Told {
    /// What stands for the value of a variable.
    pub(crate) fn value(name: &str) -> String {
        format!("{}{name}{}", TOLD.0, TOLD.1)
    }

    /// Whether a value is told by a variable.
    pub(super) fn is_value(value: &str) -> bool {
        value.starts_with(TOLD.0)
    }
}

/// The variable that a text begins with, and what follows it.
pub(super) fn parts(address: &Text) -> Option<(String, String)> {
    let (variable, rest) = address.with_holes().strip_prefix(TOLD.0)?.split_once(TOLD.1)?;
    (!rest.contains(TOLD.0)).then(|| (variable.to_owned(), rest.to_owned()))
}
