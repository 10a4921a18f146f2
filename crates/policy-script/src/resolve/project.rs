//! The front-end project around a script: which file an import names, which environment its bundler gives it, and
//! whether it reaches a browser. Everything is read lazily: a repository whose scripts ask nothing costs nothing.

mod angular;
mod builds;
mod bundler;
mod convention;
mod delivery;
mod dotenv;
mod entries;
mod environment;
mod images;
mod manifest;
mod memo;
mod packages;
mod paths;
mod pattern;
mod resolution;
mod tsconfig;

pub use delivery::{Delivery, Evidence};
pub use images::BuildVariables;

use std::sync::{Arc, OnceLock};

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath, Sources};

use bundler::Bundler;
use manifest::Manifest;
use memo::Memo;
use packages::PackageFolders;

/// What the configuration files of a tree say about its scripts. Each file is read at most once, on first need.
pub struct Project<'s> {
    sources: &'s Sources<'s>,
    images: Option<BuildVariables<'s>>,
    json: Memo<FileId, Option<Arc<Node>>>,
    manifests: Memo<FileId, Option<Arc<Manifest>>>,
    names: Memo<FileId, Arc<tsconfig::Names>>,
    /// By the folder of the code and the name in the import.
    resolutions: Memo<(RepoPath, Box<str>), Option<FileId>>,
    package_folders: OnceLock<PackageFolders>,
    /// The HTML files of the tree.
    pages: OnceLock<Vec<FileId>>,
    loaded_by_pages: Memo<FileId, Arc<Vec<FileId>>>,
    env_files: Memo<FileId, Arc<Vec<dotenv::Assignment>>>,
    replacement_tables: Memo<FileId, Arc<Vec<angular::Replacement>>>,
    /// By the folder of the code.
    nearest_replacements: Memo<RepoPath, Vec<Arc<Vec<angular::Replacement>>>>,
    /// By the folder of the configuration.
    bundlers: Memo<RepoPath, Arc<Bundler>>,
    /// By the folder of the code.
    nearest_bundlers: Memo<RepoPath, Arc<Bundler>>,
}

/// The object that code reads an environment variable from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnvironmentObject {
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

impl<'s> Project<'s> {
    /// The project files of `sources`, none of them read yet.
    pub fn new(sources: &'s Sources<'s>) -> Self {
        Self {
            sources,
            images: None,
            json: Memo::default(),
            manifests: Memo::default(),
            names: Memo::default(),
            resolutions: Memo::default(),
            package_folders: OnceLock::new(),
            pages: OnceLock::new(),
            loaded_by_pages: Memo::default(),
            env_files: Memo::default(),
            replacement_tables: Memo::default(),
            nearest_replacements: Memo::default(),
            bundlers: Memo::default(),
            nearest_bundlers: Memo::default(),
        }
    }

    /// The same project, aware of how its images are built: their arguments and variables reach the bundler.
    #[must_use]
    pub fn with_images(mut self, images: BuildVariables<'s>) -> Self {
        self.images = Some(images);
        self
    }
}

#[cfg(test)]
fn tree(files: &[(&str, &str)]) -> policy_text::source::MemoryTree {
    let empty = policy_text::source::MemoryTree::new();
    files.iter().fold(empty, |tree, (path, text)| {
        tree.with(policy_text::source::RepoPath::new(path).expect("a path in the tree"), *text)
    })
}
