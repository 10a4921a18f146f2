//! Arguments of a block or an object as typed settings: absent, known with where they came from, or unknown.

use std::borrow::Borrow;

use crate::resolve::terraform::value::{Data, Value};
use crate::resolve::terraform::world::Block;
use crate::resolve::{Origin, Provenance};
use crate::source::Span;

/// A setting. Negating an unknown is unknown: no rule may find fault with what it could not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// Nothing sets it: the default counts.
    Unset,
    /// The value and the places it came from.
    Known(T, Provenance),
    /// Why the value cannot be known, and where that was decided. A value that is `null` only where a condition or a
    /// variable has it so is unknown too: whoever applies the configuration decides it.
    Unknown(Origin, Span),
}

impl<T> Setting<T> {
    /// The value, where one is set and known.
    pub fn known(&self) -> Option<&T> {
        self.found().map(|(value, _)| value)
    }

    /// The value with where it came from, where one is set and known.
    pub fn found(&self) -> Option<(&T, &Provenance)> {
        match self {
            Self::Known(value, from) => Some((value, from)),
            Self::Unset | Self::Unknown(..) => None,
        }
    }

    /// The value that counts and the place that decides it: where none is set, the default and `at`. `None` where it is
    /// not known.
    pub fn or_default<'s, D: ?Sized>(&'s self, default: &'s D, at: Span) -> Option<(&'s D, Span)>
    where
        T: Borrow<D>,
    {
        match self {
            Self::Unset => Some((default, at)),
            Self::Known(value, from) => Some((value.borrow(), from.at)),
            Self::Unknown(..) => None,
        }
    }

    /// Whether something sets it, known or not.
    pub fn is_set(&self) -> bool {
        !matches!(self, Self::Unset)
    }
}

/// The argument `name` of a block as a string.
pub fn text(block: &Block, name: &str) -> Setting<String> {
    of_argument(block, name, Value::as_string)
}

/// The argument `name` of a block as a whole number.
pub fn integer(block: &Block, name: &str) -> Setting<i64> {
    of_argument(block, name, Value::as_integer)
}

/// The argument `name` of a block as a truth value.
pub fn truth(block: &Block, name: &str) -> Setting<bool> {
    of_argument(block, name, Value::as_bool)
}

/// The value of a setting that a container definition or another object holds.
pub fn of<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    match value {
        Some(value) if !value.is_null() => of_value(value, read),
        _ => Setting::Unset,
    }
}

fn of_argument<T>(block: &Block, name: &str, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    block.argument(name).map_or(Setting::Unset, |argument| of_value(&argument.value, read))
}

fn of_value<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    if let Some(known) = read(value) {
        return Setting::Known(known, value.from.clone());
    }
    let origin = match &value.data {
        Data::Unknown(origin) => origin.clone(),
        Data::Reference(reference) => reference.origin(),
        Data::Null => Origin::Other("it is `null` here".into()),
        _ => Origin::Other("it is not known".into()),
    };
    Setting::Unknown(origin, value.at())
}
