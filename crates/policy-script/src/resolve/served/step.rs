//! What one call does to the paths of a program: it answers some, mounts what has more, or hides them.

use policy_http::path::{Part, PathPattern};
use policy_http::served::{Answers, Registration};

use super::events::Owner;

/// One thing that an event does.
pub(super) enum Step {
    /// It registers a handler.
    Answers(Vec<Path>, Answers),
    /// It mounts what has registrations of its own.
    Mounts(Vec<Path>, Owner),
    /// It may answer, nobody knows what.
    Unknown(Vec<Path>, String),
}

/// Paths as they stand in one call, without what is around it.
#[derive(Clone, Debug)]
pub(super) enum Path {
    Known(PathPattern),
    /// Some below these.
    Below(PathPattern),
}

/// A path behind a prefix: one slash joins them, and the root below a prefix is the prefix itself.
pub(super) fn joined(prefix: &PathPattern, path: &PathPattern) -> Option<PathPattern> {
    let prefix = prefix.without_last_slash();
    if is_root(path) && !prefix.parts().is_empty() { Some(prefix) } else { prefix.then(path) }
}

/// A path with a slash more at its end. `None` where that is nothing new.
pub(super) fn with_slash(path: &PathPattern) -> Option<PathPattern> {
    let longer = path.without_last_slash().then(&PathPattern::literal("/")?)?;
    (longer != *path && !ends_open(path)).then_some(longer)
}

/// A registration, and the redirect that another path has to it.
pub(super) fn with_redirect(
    registration: Registration,
    from: Option<PathPattern>,
) -> impl Iterator<Item = Registration> {
    let redirect = from.map(|path| Registration { path, answers: Answers::Redirect, ..registration.clone() });
    std::iter::once(registration).chain(redirect)
}

/// A path without the parameter at its end.
pub(super) fn without_parameter(path: &PathPattern) -> Option<PathPattern> {
    let (Part::Segment, before) = path.parts().split_last()? else { return None };
    PathPattern::new(before.iter().cloned())
}

/// `/x` of `/x/*`.
pub(super) fn before_rest(path: &PathPattern) -> Option<PathPattern> {
    let (Part::Rest, before) = path.parts().split_last()? else { return None };
    let base = PathPattern::new(before.iter().cloned())?;
    let ends = base.literal_end().ends_with('/');
    Some(base.without_last_slash()).filter(|base| ends && !base.parts().is_empty())
}

pub(super) fn is_root(path: &PathPattern) -> bool {
    matches!(path.as_literal(), Some("" | "/"))
}

pub(super) fn root() -> PathPattern {
    PathPattern::literal("/").unwrap_or_default()
}

/// What lies below a path.
pub(super) fn below(path: &PathPattern) -> Option<PathPattern> {
    if ends_open(path) { None } else { path.without_last_slash().then(&PathPattern::prefix("/")?) }
}

/// Whether a path takes all that begins somehow.
pub(super) fn ends_open(path: &PathPattern) -> bool {
    matches!(path.parts().last(), Some(Part::Rest))
}

pub(super) fn is_open(path: &Path) -> bool {
    match path {
        Path::Known(path) => ends_open(path),
        Path::Below(_) => false,
    }
}
