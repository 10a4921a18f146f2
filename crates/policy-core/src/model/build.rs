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
    /// The place that asks for the build.
    pub at: Span,
    /// Who asks, for messages: "service `web`", "step `Build and push`", "`docker build` in a loop".
    pub by: String,
}
