//! The ground that everything stands on: files and places in them, text of which parts may be unknown, and the two formats
//! that belong to no language.

pub mod budget;
pub mod directive;
pub mod embedded;
pub mod expansion;
mod family;
pub mod fault;
pub mod gitignore;
pub mod globs;
pub mod json;
pub mod needles;
mod problem;
pub mod purpose;
pub mod secret;
pub mod source;
pub mod template;
mod unresolved;
pub mod value;
pub mod yaml;

pub use family::Family;
pub use problem::{Problem, ProblemKind};
pub use unresolved::Unresolved;
