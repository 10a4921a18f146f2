//! Builds that cannot start.

use policy_docker::asker::Asker;
use policy_text::source::{FileId, RepoPath, Span};

/// A request for a build that names something that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenBuild {
    /// The place that names what does not exist, or else the one that asks for the build.
    pub at: Span,
    /// Who asks.
    pub by: Asker,
    /// The folder that is to be sent.
    pub context: RepoPath,
    /// What does not exist.
    pub missing: Missing,
    /// Whether the folder lies beside the one of the compose file, and the service names an image that a host can pull instead:
    /// then those who develop check another repository out there.
    pub lies_beside: bool,
}

/// What a request names and the repository lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The folder to send.
    Context,
    /// The Dockerfile.
    Dockerfile(RepoPath),
    /// A stage of a Dockerfile, by name.
    Stage(String, FileId),
}
