//! What shows that a context is built: who asks for it, or what its folder was taken from.

use policy_core::finding::Label;
use policy_core::model::context::{Build, BuildContext, KnownBy};

/// How it is known that the context is built.
pub(super) fn known_by(context: &BuildContext, build: &Build) -> String {
    let folder = &context.folder;
    match &build.known_by {
        KnownBy::Request(_, who) => format!("{who} builds with the context `{folder}`"),
        KnownBy::Copies => {
            format!("the context is assumed to be `{folder}`, which holds what is copied: no build names it")
        }
        KnownBy::OwnFolder => {
            format!("the context is assumed to be the Dockerfile's folder, `{folder}`: no build names it")
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
