//! The folder that commands start in, where nothing says so.

use policy_text::source::{RepoPath, Sources};

use crate::found::Found;

/// What commands do that start at the root or in the folder `own`: the Dockerfiles and the compose files that they
/// name tell.
pub(super) fn placed(own: &RepoPath, sources: &Sources<'_>, from: impl Fn(RepoPath) -> Found) -> Found {
    let at_root = Start::fitting(from(RepoPath::root()), sources);
    if own.is_root() || at_root.fits == at_root.named {
        return at_root.found;
    }
    let at_own = Start::fitting(from(own.clone()), sources);
    if at_own.fits > at_root.fits { at_own.found } else { at_root.found }
}

/// What commands do from one folder.
struct Start {
    /// Only what names files that are there.
    found: Found,
    /// How many builds and compose files the commands name.
    named: usize,
    /// How many of them are there.
    fits: usize,
}

impl Start {
    fn fitting(mut found: Found, sources: &Sources<'_>) -> Self {
        let named = placeable(&found);
        found.builds.retain(|build| build.can_start(sources));
        found.compositions.retain(|composition| composition.paths(sources).is_some());
        let fits = placeable(&found);
        found.compose_pushes.retain(|push| push.composition.paths(sources).is_some());
        Self { found, named, fits }
    }
}

fn placeable(found: &Found) -> usize {
    found.builds.len() + found.compositions.len()
}
