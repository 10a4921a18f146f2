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
mod image_match;
mod image_names;
mod link;
pub mod model;
mod options;
mod probe;
mod read;
mod server;
mod start;
mod turns;

use files::Reader;
pub use files::{FileKind, Parsed};
pub use link::link;
pub use options::DockerOptions;

use policy_terraform::TerraformOptions;
use policy_text::globs::Globs;
use policy_text::source::{FileId, Sources};

/// What each file says by itself: every file of a kind that is understood, but those that `exclude` covers.
pub fn parse_all(sources: &Sources<'_>, exclude: &Globs, options: &TerraformOptions) -> Parsed {
    reader(exclude, options).read_all(sources)
}

/// Reads `file` anew, whose text has changed since all files were read. No file may have come or gone since.
pub fn parse_again(
    parsed: &mut Parsed,
    sources: &Sources<'_>,
    file: FileId,
    exclude: &Globs,
    options: &TerraformOptions,
) {
    reader(exclude, options).read_again(parsed, sources, file);
}

fn reader<'a>(exclude: &'a Globs, terraform: &'a TerraformOptions) -> Reader<'a> {
    Reader { exclude, terraform, has_commands: commands::named_in }
}
