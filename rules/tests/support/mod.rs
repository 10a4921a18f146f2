//! Checks of small trees in memory, for every test of the rules.

use policy_core::config::Settings;
use policy_core::report::Report;
use policy_core::source::{MemoryTree, RepoPath, Sources};

/// Paths and contents.
pub(crate) type Files<'a> = &'a [(&'a str, &'a str)];

/// What all rules find in `files`.
pub(crate) fn check(files: Files<'_>, settings: &Settings) -> Report {
    let tree = files.iter().fold(MemoryTree::new(), |tree, (path, text)| {
        tree.with(RepoPath::new(path).unwrap(), text.as_bytes())
    });
    policy_core::check(&Sources::open(&tree), &policy_rules::all(), settings).unwrap()
}
