//! Settings: absent, known with where they came from, or unknown.

use policy_text::source::Span;
use policy_text::value::{Origin, Provenance};

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
    pub fn or_default<'s>(&'s self, default: &'s T, at: Span) -> Option<(&'s T, Span)> {
        match self {
            Self::Unset => Some((default, at)),
            Self::Known(value, from) => Some((value, from.at)),
            Self::Unknown(..) => None,
        }
    }

    /// Whether something sets it, known or not.
    pub fn is_set(&self) -> bool {
        !matches!(self, Self::Unset)
    }
}
