//! Build contexts: the folders that are sent to Docker, what keeps files out of them, and what is taken from them.

mod broken;
mod cache;
mod lack;
mod programs;
mod secret;

use std::sync::Arc;

pub use broken::{BrokenBuild, Missing};
pub use cache::Cache;
pub(crate) use cache::Weight;
pub use lack::{Contents, Lack, Lacks};
pub use policy_docker::runtime::{Runtime, is_root};
pub use policy_docker::taken::{Source, Taken};
pub use programs::Programs;
pub use secret::Secret;

use policy_docker::asker::Asker;
use policy_docker::dockerignore::{IgnoreFile, Pattern};
use policy_text::source::{FileId, RepoPath, Sources, Span};

/// A folder that is sent to Docker, filtered by one ignore file.
#[derive(Debug)]
pub struct BuildContext {
    /// The folder.
    pub folder: RepoPath,
    /// The ignore file that counts: the Dockerfile's own, or the context's.
    pub ignore: Option<Arc<IgnoreFile>>,
    /// What is built from it, the Dockerfiles for development last, those nearest the root first.
    pub builds: Vec<Build>,
    /// The directories in it that tools leave behind, sorted by path, whether they are sent or not.
    pub caches: Vec<Cache>,
    /// A tool that is used in it, with the file that shows it.
    pub tool: Option<(&'static str, FileId)>,
    /// Files in it that hold secrets, by path. Looked for only where an image takes something from the context.
    pub secrets: Vec<Secret>,
    /// Places in it that could not be read, with the reason.
    pub unreadable: Vec<(RepoPath, String)>,
}

/// One Dockerfile that is built with a context.
#[derive(Debug)]
pub struct Build {
    /// The Dockerfile.
    pub dockerfile: DockerfilePlace,
    /// The name that the Dockerfile knows the context by. `None` for the one that needs no name.
    pub context_name: Option<String>,
    /// How it is known that the Dockerfile is built with this context.
    pub known_by: KnownBy,
    /// What its `COPY` and `ADD` take from the context, in the order of the stages that the build needs.
    pub takes: Vec<Taken>,
    /// What of that the context cannot have.
    pub lacks: Lacks,
    /// Whether the history of the repository lies in the context, and the build is not known to want it.
    pub gets_history: bool,
    /// What decides the user of the image. `None` where it cannot be told.
    pub runtime: Option<Runtime>,
    /// The images that its stages start from, without their tags. `None` for one that is not known.
    pub bases: Vec<Option<String>>,
    /// What the build runs.
    pub programs: Arc<Programs>,
}

/// Where the Dockerfile of a build stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DockerfilePlace {
    /// In a file of its own.
    Own(FileId),
    /// Inside the file that asks for the build.
    Inline(Span),
}

impl DockerfilePlace {
    /// The file that it is, or that it stands in.
    pub fn file(self) -> FileId {
        match self {
            Self::Own(file) => file,
            Self::Inline(at) => at.file,
        }
    }
}

/// How it is known which context a Dockerfile is built with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// Something asks for the build: the place, and who.
    Request(Span, Asker),
    /// Nothing asks for it; all that it copies lies in this folder, which is not its own.
    Copies,
    /// Nothing asks for it; its own folder is assumed.
    OwnFolder,
}

/// A cache that is sent to Docker and taken into an image.
#[derive(Clone, Copy, Debug)]
pub struct SentCache<'a> {
    /// The directory.
    pub cache: &'a Cache,
    /// The build that takes it along.
    pub build: &'a Build,
    /// The source that takes it along.
    pub taken: &'a Taken,
    /// A pattern of the ignore file that names the directory and misses it, because it holds for the context's root
    /// alone.
    pub missed_by: Option<&'a Pattern>,
}

impl BuildContext {
    /// `path` relative to the context; `None` where it lies elsewhere.
    pub fn relative<'p>(&self, path: &'p RepoPath) -> Option<&'p str> {
        path.strip_prefix(&self.folder)
    }

    /// All that is taken from the context, with the builds that take it.
    pub fn takes(&self) -> impl Iterator<Item = (&Build, &Taken)> {
        self.builds.iter().flat_map(|build| build.takes.iter().map(move |taken| (build, taken)))
    }

    /// Whether the file or folder at `path` is kept out by the ignore file.
    pub fn excludes(&self, path: &RepoPath) -> bool {
        let Some(relative) = self.relative(path) else { return false };
        self.ignore.as_ref().is_some_and(|ignore| ignore.decide(relative).excluded)
    }

    /// The caches that are sent and taken along with a folder, each with the source that best shows it. What a source
    /// names itself is no cache, nor is what a build needs because it does not make it: both are meant to be taken.
    pub fn sent_caches(&self) -> Vec<SentCache<'_>> {
        let sent = self.caches.iter().filter_map(|cache| {
            let path = self.relative(&cache.path)?;
            let named = self.takes().any(|(_, taken)| taken.is_within(path));
            if named || self.excludes(&cache.probe) {
                return None;
            }
            let covers = |build: &Build, source: &&Taken| build.makes(cache) && source.covers(path);
            // A build that something asks for says most, and of it what ends in its image.
            let taking =
                self.builds.iter().filter(|build| build.takes.iter().any(|source| covers(build, &source)));
            let build = taking.min_by_key(|build| !matches!(build.known_by, KnownBy::Request(..)))?;
            let sources = build.takes.iter().filter(|source| covers(build, source));
            let taken = sources.min_by_key(|source| !source.in_final_image)?;
            Some(SentCache { cache, build, taken, missed_by: self.pattern_that_misses(cache) })
        });
        sent.collect()
    }

    /// Exceptions for what exists, each with the later pattern that excludes it again.
    pub fn undone_exceptions<'a>(
        &'a self,
        sources: &'a Sources<'_>,
    ) -> impl Iterator<Item = (&'a Pattern, &'a Pattern)> {
        self.ignore.iter().flat_map(|ignore| &ignore.patterns).filter(|pattern| pattern.exception).filter_map(
            |exception| {
                // Looked for first: to ask all patterns for each exception takes the square of a long file.
                let path = self.folder.join(&exception.path)?;
                let exists = sources.find(&path).is_some() || sources.is_folder(&path);
                let decision = self.ignore.as_ref().filter(|_| exists)?.decide(&exception.path);
                let by = decision.by.filter(|by| decision.excluded && by.span > exception.span)?;
                Some((exception, by))
            },
        )
    }

    fn pattern_that_misses(&self, cache: &Cache) -> Option<&Pattern> {
        let name = cache.path.file_name();
        let file = cache.probe.file_name();
        let patterns =
            || self.ignore.iter().flat_map(|ignore| &ignore.patterns).filter(|pattern| !pattern.exception);
        // `dist`, `dist/*`, and `*/dist`, which reaches down one level only; `.venv*`.
        let names = |pattern: &&Pattern| {
            pattern.path.split('/').find(|part| *part != "*") == Some(name)
                || (is_written_for_a_name(&pattern.path) && pattern.matches(name))
        };
        // Nobody but Python writes byte code; what a pattern such as `*.json` is for is not known.
        let touches = |pattern: &&Pattern| {
            cache.probe.extension() == Some("pyc") && pattern.path.starts_with("*.") && pattern.matches(file)
        };
        patterns().find(names).or_else(|| patterns().find(touches))
    }
}

/// Whether a pattern with wildcards says which names it is for: `.venv*` does, `.*` does not.
fn is_written_for_a_name(pattern: &str) -> bool {
    !pattern.contains('/') && pattern.chars().filter(char::is_ascii_alphanumeric).count() >= 3
}

impl Build {
    /// Whether the image gets along without the host's `cache`: nobody needs it there, or the build makes its own.
    fn makes(&self, cache: &Cache) -> bool {
        cache.made_by.is_empty() || self.programs.may_run(cache.made_by) || self.has_no_use_for(cache)
    }

    /// Whether the image is known to have no program that could use the host's directory.
    fn has_no_use_for(&self, cache: &Cache) -> bool {
        /// Images of other languages and of none, which hold no Node.
        const WITHOUT_NODE: &[&str] = &[
            "python",
            "php",
            "golang",
            "ruby",
            "rust",
            "openjdk",
            "eclipse-temurin",
            "amazoncorretto",
            "maven",
            "gradle",
            "scratch",
            "alpine",
            "debian",
            "ubuntu",
        ];
        let has_none =
            |base: &Option<String>| base.as_deref().is_some_and(|base| WITHOUT_NODE.contains(&base));
        cache.made_by.contains(&"npm")
            && self.bases.iter().all(has_none)
            && !self.programs.say(|word| word.contains("node"))
    }
}
