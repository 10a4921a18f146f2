//! The folder that commands start in, where nothing says so.

use policy_text::source::{RepoPath, Sources};

use crate::found::Found;

/// What commands do that start at the root or in the folder `own`: the Dockerfiles and the compose files that they
/// name tell.
pub(super) fn placed(own: &RepoPath, sources: &Sources<'_>, from: impl Fn(RepoPath) -> Found) -> Found {
    let started_in = |folder: RepoPath| {
        let mut found = from(folder);
        found.builds.retain(|build| build.can_start(sources));
        found.compositions.retain(|composition| composition.paths(sources).is_some());
        found.compose_pushes.retain(|push| push.composition.paths(sources).is_some());
        let fits = found.builds.len() + found.compositions.len();
        (fits, found)
    };
    let (at_root, found) = started_in(RepoPath::root());
    if own.is_root() {
        return found;
    }
    let (at_own, at_start) = started_in(own.clone());
    if at_own > at_root { at_start } else { found }
}
