//! Paths that a checkout may lack for a good reason: submodules, paths that git ignores, and paths that commands create.

use std::collections::BTreeSet;

use policy_text::source::{EntryKind, RepoPath, Sources, Span};

use super::git_ignored::GitIgnoreFiles;

/// What may be in a folder before a build although no checkout has it.
#[derive(Clone, Copy)]
pub(crate) struct Brought<'s> {
    /// Files and folders that commands make, or that jobs hand over.
    pub(crate) made: &'s BTreeSet<RepoPath>,
    /// The parts of pipelines that get files which are not known.
    pub(crate) supplied: &'s [Span],
}

/// What a checkout lacks though it is not missing.
pub(super) struct Absent<'s> {
    sources: &'s Sources<'s>,
    ignored: GitIgnoreFiles<'s>,
    submodules: Vec<RepoPath>,
    brought: Brought<'s>,
}

impl<'s> Absent<'s> {
    pub(super) fn of(sources: &'s Sources<'s>, brought: Brought<'s>) -> Self {
        Self { sources, ignored: GitIgnoreFiles::new(sources), submodules: submodules(sources), brought }
    }

    pub(super) fn sources(&self) -> &'s Sources<'s> {
        self.sources
    }

    /// Whether `path` lies in a submodule: one that is not checked out is an empty folder, or none at all.
    pub(super) fn is_submodule(&self, path: &RepoPath) -> bool {
        self.submodules.iter().any(|module| path.is_within(module))
    }

    /// Whether a link stands on the way to `path`, or there: what it leads to can lie out of the tree.
    pub(super) fn is_behind_link(&self, path: &RepoPath) -> bool {
        path.ancestors().any(|path| self.sources.entry(&path) == Some(EntryKind::Link))
    }

    /// Whether a `.gitignore` leaves `path` out.
    pub(super) fn is_left_out_by_git(&mut self, path: &RepoPath, is_folder: bool) -> bool {
        self.ignored.leaves_out(path, is_folder)
    }

    /// Whether `path`, or something in it, may be there for the build that is asked for at `at`: a command of the repository
    /// makes it, or a job gets files.
    pub(super) fn may_be_brought(&self, path: &RepoPath, at: Span) -> bool {
        self.brought.made.iter().any(|made| made.is_within(path) || path.is_within(made))
            || self.brought.supplied.iter().any(|part| at.is_within(*part))
    }
}

/// The folders of the submodules.
fn submodules(sources: &Sources<'_>) -> Vec<RepoPath> {
    let listed = RepoPath::new(".gitmodules").and_then(|path| sources.find(&path));
    let text =
        listed.and_then(|file| sources.read(file).ok()).map(|decoded| decoded.text).unwrap_or_default();
    let paths = text.lines().filter_map(|line| line.trim().strip_prefix("path")?.trim().strip_prefix('='));
    paths.filter_map(|module| RepoPath::new(module.trim())).collect()
}
