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
