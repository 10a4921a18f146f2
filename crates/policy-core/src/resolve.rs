//! Values: what is known of them, what is not, and where each came from.

mod address;
pub(crate) mod alternatives;
pub(crate) mod ci_variables;
mod provenance;
pub mod script;
pub(crate) mod shell;
pub mod terraform;
mod text;

pub use address::Address;
pub use provenance::{Provenance, Step};
pub use text::{Hole, Origin, PagePart, Piece, Text};

use crate::source::Span;

/// A value that was looked for: known with where it came from, or unknown with the reason and the place where the
/// trail ended. Negating an unknown is unknown: no rule may find fault with what it could not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<T> {
    /// The value and the places it came from.
    Known(T, Provenance),
    /// Why the value cannot be known, and where that was decided.
    Unknown(Origin, Span),
}

impl<T> Resolved<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value, _) => Some(value),
            Self::Unknown(..) => None,
        }
    }

    /// The value changed by `f`, from the same places.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Resolved<U> {
        match self {
            Self::Known(value, provenance) => Resolved::Known(f(value), provenance),
            Self::Unknown(origin, span) => Resolved::Unknown(origin, span),
        }
    }

    /// Where the value is decided, or where the trail ended.
    pub fn span(&self) -> Span {
        match self {
            Self::Known(_, provenance) => provenance.at,
            Self::Unknown(_, span) => *span,
        }
    }
}

/// A value that a rule would have needed and that could not be known. Counted in the summary, listed with `-v`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// Where the value is used.
    pub at: Span,
    /// What was looked for: "the tag of this image".
    pub what: String,
    /// Why it could not be known: "variable `tag` has no default".
    pub why: String,
    /// The family of the rules that would have needed it. `None` where rules of any may have.
    pub family: Option<&'static str>,
}
