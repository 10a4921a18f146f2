//! Image references: their parts, the names that official images have, and names of which parts are unknown.

pub mod contents;
mod official;
mod pattern;
mod reference;

pub use official::is_official;
pub use pattern::Pattern;
pub use reference::{Latest, Reference, Version, is_latest, tagged};
