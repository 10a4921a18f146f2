//! Directories that tools leave in a build context.

use policy_text::source::{FileId, RepoPath};

/// A directory that exists, or will once its tool has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cache {
    /// The directory.
    pub path: RepoPath,
    /// A file that it typically holds.
    pub(crate) probe: RepoPath,
    /// The tool that makes it.
    pub tool: &'static str,
    /// The file that shows that the tool is used. `None` where the directory itself does: it is there.
    pub evidence: Option<FileId>,
    /// Whether people commit a directory of its name on purpose, so that a pattern for all of them can take too much.
    pub may_be_meant: bool,
    /// How sure it is that the directory will be there, and that it does harm.
    pub(crate) weight: Weight,
    /// The commands that make it anew in an image; empty where no image needs it.
    pub(crate) made_by: &'static [&'static str],
}

impl Cache {
    /// Whether sending the directory does harm.
    pub fn is_harmful(&self) -> bool {
        self.weight == Weight::Fault
    }

    /// Whether the directory is there as soon as its tool has run.
    pub fn always_exists(&self) -> bool {
        self.weight != Weight::Possible
    }
}

/// How sure it is that a directory will be there, and that it does harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// It does harm.
    Fault,
    /// Named beside another, or where there is no ignore file at all.
    Mention,
    /// The same, and not even sure to be there.
    Possible,
}
