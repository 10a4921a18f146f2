//! The folder that commands start in, where nothing says so.

use policy_text::source::{RepoPath, Sources};

use crate::found::Found;

/// What commands do that start at the root or in the folder `own`: the Dockerfiles and the compose files that they
/// name tell.
pub(super) fn placed(own: &RepoPath, sources: &Sources<'_>, from: impl Fn(RepoPath) -> Found) -> Found {
    let started_in = |folder: RepoPath| {
        let mut delivery = from(folder);
        delivery.builds.retain(|build| build.can_start(sources));
        delivery.compositions.retain(|composition| composition.paths(sources).is_some());
        delivery.compose_pushes.retain(|push| push.composition.paths(sources).is_some());
        let fits = delivery.builds.len() + delivery.compositions.len();
        (fits, delivery)
    };
    let (at_root, delivery) = started_in(RepoPath::root());
    if own.is_root() {
        return delivery;
    }
    let (at_own, own_delivery) = started_in(own.clone());
    if at_own > at_root { own_delivery } else { delivery }
}
