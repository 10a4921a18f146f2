//! `--since` and `--staged`: the trees before and after a change.

use std::path::Path;

use policy_core::source::{Overlay, SourceTree};

use crate::exit::Failure;
use crate::git;

/// The change whose findings are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// From the meeting of the histories of this revision and `HEAD` to the work tree.
    Since(String),
    /// From `HEAD` to the index.
    Staged,
}

/// The two trees of a change, each over the work tree.
pub(crate) struct Sides<'t> {
    /// `None` where nothing was before.
    pub(crate) before: Option<Overlay<&'t dyn SourceTree>>,
    pub(crate) after: Overlay<&'t dyn SourceTree>,
}

/// The trees of `change`, where `tree` is what is on disk below `root`.
pub(crate) fn sides<'t>(
    change: &Change,
    tree: &'t dyn SourceTree,
    root: &Path,
) -> Result<Sides<'t>, Failure> {
    let over = |differences| Overlay::new(tree).with(differences);
    Ok(match change {
        Change::Since(revision) => {
            let base = git::base(root, revision)?;
            Sides { before: Some(over(git::tree(root, &base)?)), after: over(Vec::new()) }
        }
        Change::Staged => {
            let before = git::head(root)?.map(|head| git::tree(root, &head)).transpose()?.map(over);
            Sides { before, after: over(git::index(root)?) }
        }
    })
}
