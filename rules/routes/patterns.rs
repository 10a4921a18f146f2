//! How near a pattern comes to a path that it does not match.

use policy_core::model::routing::{PathPattern, Route, RoutePath};

/// The pattern of these routes that begins most like `path`.
pub(super) fn nearest<'r>(
    routes: impl Iterator<Item = &'r Route>,
    path: &PathPattern,
) -> Option<&'r RoutePath> {
    let patterns = routes.flat_map(|route| route.paths.iter().flatten());
    patterns.max_by_key(|own| common_start(&own.pattern, path))
}

/// How many letters two patterns begin with alike.
pub(super) fn common_start(one: &PathPattern, other: &PathPattern) -> usize {
    let pairs = one.literal_start().bytes().zip(other.literal_start().bytes());
    pairs.take_while(|(one, other)| one == other).count()
}
