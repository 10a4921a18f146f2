//! The deployment: what the files of a repository say of it, file by file, and linked into one model.
//!
//! One direction: [`files`] gives the facts of each file, readers return what they found in them, [`link`] alone joins all of
//! it into the types of [`model`].

mod built_image;
pub mod commands;
mod compose;
mod contexts;
mod documents;
pub mod files;
mod found;
mod image_names;
mod link;
pub mod model;
mod options;
mod probe;
mod read;

pub use files::{FileKind, Parsed};
pub use link::link;
pub use options::DockerOptions;

use policy_terraform::TerraformOptions;
use policy_text::globs::Globs;
use policy_text::source::Sources;

/// What each file says by itself: every file of a kind that is understood, but those that `exclude` covers.
pub fn parse_all(sources: &Sources<'_>, exclude: &Globs, options: &TerraformOptions) -> Parsed {
    files::parse_all(sources, exclude, options, commands::named_in)
}
