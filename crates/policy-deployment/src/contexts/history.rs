//! The history of the repository, where it lies in a build context.

use policy_text::source::{EntryKind, RepoPath, Sources};

use super::contents;
use crate::files::Parsed;
use crate::model::context::{Build, Contents, KnownBy};

/// What builds of Python packages use to take their version from the history.
const VERSION_TOOLS: [&str; 6] = [
    "setuptools_scm",
    "setuptools-scm",
    "hatch-vcs",
    "versioneer",
    "versioningit",
    "poetry-dynamic-versioning",
];

/// Whether `folder` is a clone whose build does not want the history. A submodule and another working tree have none.
pub(super) fn lies_in(folder: &RepoPath, sources: &Sources<'_>) -> bool {
    let is_clone = folder.join(".git").is_some_and(|path| sources.entry(&path) == Some(EntryKind::Folder));
    let asks_for_it = || {
        let files = ["pyproject.toml", "setup.py", "setup.cfg"].iter().filter_map(|name| folder.join(name));
        let mut texts = files.filter_map(|path| sources.read(sources.find(&path)?).ok());
        texts.any(|decoded| VERSION_TOOLS.iter().any(|tool| decoded.text.contains(tool)))
    };
    is_clone && !asks_for_it()
}

/// Whether the build takes the commit from git, without its history.
pub(super) fn is_left_behind(build: &Build, parsed: &Parsed, sources: &Sources<'_>) -> bool {
    match build.known_by {
        KnownBy::Request(at, _) => matches!(contents::of(at, parsed, sources), Contents::Commit { .. }),
        KnownBy::Copies | KnownBy::OwnFolder => false,
    }
}
