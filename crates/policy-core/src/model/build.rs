//! Requests to build an image, wherever they are written: compose files, workflows, scripts, bake files.

use std::collections::BTreeMap;

use crate::resolve::Text;
use crate::source::{RepoPath, Span};

/// One place that builds an image from a folder of the repository. A context that is a URL, standard input or unknown
/// is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildRequest {
    /// The folder that is sent.
    pub context: RepoPath,
    /// The Dockerfile. `None`: the file named `Dockerfile` in the context.
    pub dockerfile: Option<RepoPath>,
    /// The stage to build, where one is named.
    pub target: Option<String>,
    /// Build arguments, by name.
    pub args: BTreeMap<String, Text>,
    /// Names that this build gives to folders and images: in its Dockerfile they mean those.
    pub named_contexts: Vec<String>,
    /// The place that asks for the build.
    pub at: Span,
    /// Who asks, for messages: "service `web`", "step `Build and push`", "`docker build` in a loop".
    pub by: String,
}

impl BuildRequest {
    /// The paths that the Dockerfile can have, the first choice first. `BuildKit` takes `dockerfile` where there is no
    /// `Dockerfile`; Podman looks for a `Containerfile`.
    pub fn dockerfiles(&self) -> impl Iterator<Item = RepoPath> {
        let named = match &self.dockerfile {
            Some(path) => Some(path.clone()),
            None => self.context.join("Dockerfile"),
        };
        let lower = named
            .as_ref()
            .filter(|path| path.file_name() == "Dockerfile")
            .and_then(|path| path.parent()?.join("dockerfile"));
        let other = if self.dockerfile.is_none() { self.context.join("Containerfile") } else { None };
        named.into_iter().chain(lower).chain(other)
    }
}
