//! Workloads of Kubernetes: the one container of their pods, and the ports at which others reach it.

use policy_text::source::Span;

use super::container_start::ContainerStart;
use super::image_link::BuiltImageId;
use super::program::ProgramId;
use super::server::Server;

/// A workload whose pods have one container.
#[derive(Clone, Debug)]
pub struct Workload {
    /// The container's name.
    pub container: String,
    /// Where the container is written.
    pub at: Span,
    /// What it starts.
    pub start: ContainerStart,
    /// The folders over which it has others than its image's.
    pub mounts: Vec<String>,
    /// What reaches the container, and at which port.
    pub reached: Vec<Reached>,
    /// The paths that its probes ask for.
    pub probes: Vec<HttpProbe>,
    /// What the container runs, where that is known and a probe asks for a path.
    pub program: Option<ProgramId>,
    /// Its image, where that is built here.
    pub image: Option<BuiltImageId>,
    /// What listens in it, where its image is known and that can be told.
    pub server: Option<Server>,
}

/// Something that reaches a container at a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The port of the container.
    pub port: u16,
    /// Where it is written.
    pub at: Span,
    /// What reaches it.
    pub by: ReachedBy,
}

/// A probe that asks a container for a path over HTTP, as itself and with no headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpProbe {
    /// Its kind: `readinessProbe`.
    pub kind: &'static str,
    /// The path.
    pub path: String,
    /// Where it is written, or the question that has none.
    pub at: Span,
    /// The port of the container that is asked.
    pub port: u16,
}

/// What reaches a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReachedBy {
    /// The Service of this name.
    Service(String),
    /// A probe: `readinessProbe`.
    Probe(&'static str),
}

impl Workload {
    /// Whether a folder of the container that holds `path`, or lies below it, is not its image's.
    pub fn hides(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.mounts.iter().any(|mount| {
            let mount = mount.trim_end_matches('/');
            is_within(path, mount) || is_within(mount, path)
        })
    }
}

fn is_within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
