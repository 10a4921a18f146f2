//! Sources of `COPY` and `ADD` that a build context cannot have.

use policy_text::source::{RepoPath, Span};

/// What a build copies and its context cannot have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacks {
    /// The sources, in the order of the stages that need them.
    pub sources: Vec<Lack>,
    /// A folder that holds all that the build copies, where the paths are written for another context than it gets.
    pub right_context: Option<RepoPath>,
}

/// A source of `COPY` or `ADD` that the context does not hold when it is built from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// The source as written.
    pub at: Span,
    /// Where it would have to lie.
    pub path: RepoPath,
    /// Whether a `.gitignore` keeps it out of every clone.
    pub is_left_out_by_git: bool,
    /// Where else in the repository something of its name lies.
    pub elsewhere: Option<RepoPath>,
    /// What of the folder the build gets.
    pub contents: Contents,
}

/// What of a folder a build is known to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// What lies there: the files of the repository, and what was made beside them.
    Folder,
    /// The files of the repository alone: it was just checked out, and nothing before the build makes others.
    Checkout,
    /// The commit, as git has it, whatever lies in the folder.
    Commit {
        /// Whether steps before the build may have made files, which it does not get.
        after_others: bool,
    },
}
