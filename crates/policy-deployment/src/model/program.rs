//! Programs: what containers of this repository run, and which requests each answers.

use std::sync::Arc;

pub use policy_http::served::{Answers, Methods, Mount, Registration, Served, UnknownPaths};
use policy_text::source::{RepoPath, Span};

use super::context::DockerfilePlace;
use super::nginx_image::{Configured, NginxImage};
use super::routing::Target;

/// A program that a container runs.
#[derive(Debug)]
pub struct Program {
    /// The Dockerfile of its image.
    pub dockerfile: DockerfilePlace,
    /// The folder that the image is built from.
    pub context: RepoPath,
    /// What starts it. Two containers of one image that start different things run different programs.
    pub words: Vec<String>,
    /// What it answers.
    pub serves: Serves,
    /// Whether a path that differs from a handler's by the slash at its end is told to ask again. Else it is answered at once.
    pub redirects_slashes: bool,
}

/// What a program answers.
#[derive(Debug)]
pub enum Serves {
    /// What its code registers.
    Registered(Served),
    /// What the configuration of nginx says.
    Nginx(Arc<NginxImage>, Configured),
    /// That cannot be told, and why, worded to follow "because".
    Unknown(String),
}

/// The index of a program in the deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgramId(pub usize);

/// What answers the requests that an entrance sends to a target.
#[derive(Clone, Debug)]
pub struct Backend {
    /// The target.
    pub target: Target,
    /// The service that registers with it, where it is a service of ECS.
    pub service: Arc<str>,
    /// The head of that service.
    pub at: Span,
    /// The full address of the task definition.
    pub task: Arc<str>,
    /// The container of it that takes the requests.
    pub container: String,
    /// The port of it that they come to, where that is known.
    pub port: Option<i64>,
    /// What the container runs, or why that is not known.
    pub program: Result<ProgramId, String>,
    /// Whether other services find it by a name of its own, without any entrance.
    pub is_discovered: bool,
}
