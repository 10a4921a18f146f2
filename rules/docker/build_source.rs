//! What shows that a context is built: a request for the build, or what its folder was assumed from.

use policy_core::finding::Label;
use policy_core::model::context::{Build, BuildContext, KnownBy};

/// How it is known that the context is built.
pub(super) fn known_by(context: &BuildContext, build: &Build) -> String {
    let folder = &context.folder;
    match &build.known_by {
        KnownBy::Request(_, who) => format!("{who} builds with the context `{folder}`"),
        KnownBy::Copies => {
            format!(
                "no build of this Dockerfile was found, so its context is assumed to be `{folder}`, which contains all paths that it copies"
            )
        }
        KnownBy::OwnFolder => {
            format!(
                "no build of this Dockerfile was found, so its context is assumed to be its own folder, `{folder}`"
            )
        }
    }
}

/// The place that asks for the build, where there is one.
pub(super) fn requested_at(context: &BuildContext, build: &Build) -> Option<Label> {
    match &build.known_by {
        KnownBy::Request(at, who) => {
            Some(Label::new(*at, format!("{who} builds with the context `{}`", context.folder)))
        }
        KnownBy::Copies | KnownBy::OwnFolder => None,
    }
}
