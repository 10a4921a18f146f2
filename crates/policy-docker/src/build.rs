//! Requests to build an image, wherever they are written: compose files, workflows, scripts, bake files.

use std::collections::BTreeMap;

use policy_text::embedded::Embedded;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::Text;

use crate::asker::Asker;

/// One place that builds an image from a folder of the repository. A context that is a URL, standard input or unknown
/// is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildRequest {
    /// The folder that is sent.
    pub context: RepoPath,
    /// The Dockerfile.
    pub dockerfile: DockerfileSource,
    /// The stage to build, where one is named.
    pub target: Option<String>,
    /// Build arguments, by name.
    pub args: BTreeMap<String, Text>,
    /// The names that the result is given, as far as they are known.
    pub images: Vec<Text>,
    /// The platforms that it is built for.
    pub platforms: Platforms,
    /// Further contexts: in the Dockerfile their names mean them.
    pub named_contexts: NamedContexts,
    /// Whether it is asked for only where something has looked at what there is, or may fail: that it cannot start is no fault.
    pub is_tentative: bool,
    /// The place that asks for the build.
    pub at: Span,
    /// Where it names its parts.
    pub places: Places,
    /// Who asks.
    pub by: Asker,
}

/// Where a request names the parts of its build, if it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The Dockerfile.
    pub dockerfile: Option<Span>,
    /// The stage.
    pub target: Option<Span>,
}

/// The platforms that an image is built for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Platforms {
    /// Nothing is said: that of the machine that builds it, which is not known.
    #[default]
    Unsaid,
    /// Something is said that is not known.
    Unknown,
    /// These architectures, as Docker names them, with the place that decides them.
    Of(Vec<String>, Span),
}

impl Platforms {
    /// What `linux/amd64,linux/arm64` says at `at`; `None` where a part of it is not known.
    pub fn listed(list: Option<&str>, at: Span) -> Self {
        let Some(list) = list else { return Self::Unknown };
        let names = list.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty());
        // `linux/arm/v7` is one of its own.
        let architectures: Option<Vec<String>> =
            names.map(|name| Some(name.split_once('/')?.1.to_owned())).collect();
        architectures.filter(|all| !all.is_empty()).map_or(Self::Unknown, |all| Self::Of(all, at))
    }
}

/// Where the Dockerfile of a build is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DockerfileSource {
    /// In the context, by the name that is looked for where none is given.
    Default,
    /// A file.
    File(RepoPath),
    /// No file: its text stands where the build is asked for.
    Inline(Embedded),
}

/// The folders that a build names, by the names that it gives them. `None` for a name of anything else: an image, another
/// build, a repository elsewhere.
pub type NamedContexts = BTreeMap<String, Option<RepoPath>>;

/// A context as it is written, where it names a folder of this machine: no URL, no repository elsewhere, and not what is
/// read from standard input.
pub fn local_context(written: &str) -> Option<&str> {
    let elsewhere = written == "-"
        || written.contains("://")
        || ["git@", "github.com/"].iter().any(|start| written.starts_with(start));
    (!elsewhere).then_some(written)
}

/// What a named context means whose value is `written` and counts from `folder`.
pub fn named_folder(written: &str, folder: &RepoPath) -> Option<RepoPath> {
    // `docker-image://`, `target:`, `service:`, `https://`, `git@host:`: folders have no colon.
    let is_local = !written.contains([':', '$', '{']) && !written.is_empty();
    is_local.then(|| folder.join(written))?
}

impl DockerfileSource {
    /// The file, where one is named.
    pub fn path(&self) -> Option<&RepoPath> {
        match self {
            Self::File(path) => Some(path),
            Self::Default | Self::Inline(_) => None,
        }
    }
}

impl From<Option<RepoPath>> for DockerfileSource {
    fn from(named: Option<RepoPath>) -> Self {
        named.map_or(Self::Default, Self::File)
    }
}

impl BuildRequest {
    /// The paths that the Dockerfile can have, the first choice first. `BuildKit` takes `dockerfile` where there is no
    /// `Dockerfile`; Podman looks for a `Containerfile`.
    pub fn dockerfiles(&self) -> impl Iterator<Item = RepoPath> {
        let (named, other) = match &self.dockerfile {
            DockerfileSource::Default => {
                (self.context.join("Dockerfile"), self.context.join("Containerfile"))
            }
            DockerfileSource::File(path) => (Some(path.clone()), None),
            DockerfileSource::Inline(_) => (None, None),
        };
        let lower = named
            .as_ref()
            .filter(|path| path.file_name() == "Dockerfile")
            .and_then(|path| path.parent()?.join("dockerfile"));
        named.into_iter().chain(lower).chain(other)
    }

    /// The Dockerfile, where it is a file that is there.
    pub fn dockerfile_in(&self, sources: &Sources<'_>) -> Option<FileId> {
        self.dockerfiles().find_map(|path| sources.find(&path))
    }

    /// Whether what it builds is where it would look for it.
    pub fn can_start(&self, sources: &Sources<'_>) -> bool {
        match self.dockerfile {
            DockerfileSource::Inline(_) => sources.is_folder(&self.context),
            DockerfileSource::File(_) | DockerfileSource::Default => self.dockerfile_in(sources).is_some(),
        }
    }
}
