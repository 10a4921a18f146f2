//! The deployment: what the files of a repository say of it, file by file, and linked into one model.
//!
//! One direction: [`files`] gives the facts of each file, readers return what they found in them, [`link`] alone joins all of
//! it into the types of [`model`].

mod commands;
mod compose;
mod contexts;
mod documents;
pub mod files;
mod found;
mod link;
pub mod model;
mod options;
mod read;

pub use files::{FileKind, Parsed, parse_all};
pub use link::link;
pub use options::DockerOptions;
