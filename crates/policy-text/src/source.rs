//! The repository as the engine sees it: paths, contents and places in them.

mod clean;
mod overlay;
mod path;
mod sources;
mod span;
mod text;
mod tree;

pub use clean::clean;
pub use overlay::{Laid, Overlay};
pub use path::RepoPath;
pub use sources::{Altered, Decoded, Sources};
pub use span::offset_in;
pub use span::{FileId, Span};
pub use text::{LineColumn, SourceText};
pub use tree::{EntryKind, Listing, MemoryTree, ReadError, SourceTree, Unlisted};

/// The largest file that is read, in bytes. Larger ones are data or bundles; each is reported, never skipped in silence.
pub const MAX_FILE_SIZE: usize = 8 << 20;
