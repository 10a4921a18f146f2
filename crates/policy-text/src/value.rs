//! Values: what is known of them, what is not, and where each came from.

mod address;
pub mod alternatives;
pub mod ci_variables;
mod provenance;
mod search;
mod text;

pub use address::Address;
pub use provenance::{Provenance, Step};
pub use search::Pattern;
pub use text::{Hole, Origin, PagePart, Piece, Text};
