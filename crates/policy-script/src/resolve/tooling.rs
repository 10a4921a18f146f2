//! The tools around a script, as their configuration files tell: which file an import names, which environment a bundler
//! gives the script, whether it reaches a browser. Everything is read lazily: a repository whose scripts ask nothing costs
//! nothing.

mod angular;
mod builds;
mod bundler;
mod cable;
mod config_files;
mod convention;
mod delivery;
mod dotenv;
mod entries;
mod environment;
mod images;
mod manager;
mod manifest;
mod memo;
mod meta;
mod paths;
mod pattern;
mod program;
mod resolution;
mod tsconfig;
mod workspace;

pub(crate) use delivery::{Delivery, ScriptFacts};
pub use images::BuildVariables;
pub use program::Program;

use std::sync::{Arc, OnceLock};

use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::value::Text;

use angular::Replacements;
use bundler::Bundlers;
use config_files::ConfigFiles;
use images::SpokenOf;
use memo::Memo;
use tsconfig::TsConfigs;

/// What the configuration files of a tree say about its scripts. Each file is read at most once, on first need.
pub(crate) struct Tooling<'s> {
    files: ConfigFiles<'s>,
    tsconfigs: TsConfigs,
    bundlers: Bundlers,
    replacements: Replacements,
    images: Option<BuildVariables<'s>>,
    /// By the name of the variable.
    given_by_images: Memo<Box<str>, Arc<images::Given>>,
    /// By the folder of the code and the name in the import.
    resolutions: Memo<(RepoPath, Box<str>), Option<FileId>>,
    /// The HTML files of the tree.
    pages: OnceLock<Vec<FileId>>,
    loaded_by_pages: Memo<FileId, Arc<Vec<FileId>>>,
    env_files: Memo<FileId, Arc<Vec<dotenv::Assignment>>>,
    /// The variables of builds that files beside the code speak of.
    spoken_of: OnceLock<SpokenOf>,
}

/// The object that code reads an environment variable from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum EnvironmentObject {
    /// `import.meta.env`
    ImportMeta,
    /// `process.env`
    Process,
}

impl EnvironmentObject {
    fn written(self) -> &'static str {
        match self {
            Self::ImportMeta => "import.meta.env",
            Self::Process => "process.env",
        }
    }
}

impl<'s> Tooling<'s> {
    /// The configuration files of `sources`, none of them read yet.
    pub(crate) fn new(sources: &'s Sources<'s>) -> Self {
        Self {
            files: ConfigFiles::new(sources),
            tsconfigs: TsConfigs::default(),
            bundlers: Bundlers::default(),
            replacements: Replacements::default(),
            images: None,
            given_by_images: Memo::default(),
            resolutions: Memo::default(),
            pages: OnceLock::new(),
            loaded_by_pages: Memo::default(),
            env_files: Memo::default(),
            spoken_of: OnceLock::new(),
        }
    }

    /// The same tools, aware of how its images are built: their arguments and variables reach the bundler.
    #[must_use]
    pub(crate) fn with_images(mut self, images: BuildVariables<'s>) -> Self {
        self.images = Some(images);
        self
    }

    /// The files that production builds take where code imports `file`: `[file]` for nearly all; another where Angular's
    /// `fileReplacements` put it there; several where builds that are deployed differ; none where the file that stands
    /// there is not in the repository.
    pub(crate) fn shipped(&self, file: FileId) -> Vec<FileId> {
        self.replacements.shipped(&self.files, file)
    }

    /// The configuration of a tool in the package around `file`, by its name without the extension: `next.config`.
    pub(crate) fn configuration(&self, file: FileId, stem: &str) -> Option<FileId> {
        self.configuration_in(&self.files.manifest(file)?.folder, stem)
    }

    /// The configuration of a tool in a folder, by its name without the extension.
    pub(crate) fn configuration_in(&self, folder: &RepoPath, stem: &str) -> Option<FileId> {
        let named = |extension: &&str| self.files.sources.find(&folder.join(&format!("{stem}.{extension}"))?);
        bundler::EXTENSIONS.iter().find_map(named)
    }

    /// The values that the bundler puts in the place of `name` in the code of `from`; empty where it leaves the name alone.
    pub(crate) fn constant(&self, name: &str, from: FileId) -> Vec<Text> {
        // Written as constants are, so that `document` and `WebSocket` make nobody read a configuration.
        if name.contains(['_', '.']) {
            self.bundlers.nearest(self.files.sources, from).constant(name)
        } else {
            Vec::new()
        }
    }
}

#[cfg(test)]
fn tree(files: &[(&str, &str)]) -> policy_text::source::MemoryTree {
    let empty = policy_text::source::MemoryTree::new();
    files.iter().fold(empty, |tree, (path, text)| {
        tree.with(policy_text::source::RepoPath::new(path).expect("a path in the tree"), *text)
    })
}
