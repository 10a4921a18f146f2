//! The front-end project around a script: which file an import names, which environment its bundler gives it, and
//! whether it reaches a browser. Everything is read lazily: a repository whose scripts ask nothing costs nothing.

mod delivery;
mod paths;

pub use delivery::{Delivery, Evidence};

use crate::resolve::{Origin, Text};
use crate::source::{FileId, Sources, Span};

/// What the configuration files of a tree say about its scripts. Each file is read at most once, on first need.
pub struct Project<'s> {
    sources: &'s Sources<'s>,
}

/// The object that code reads an environment variable from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EnvironmentObject {
    /// `import.meta.env`
    ImportMeta,
    /// `process.env`
    Process,
}

impl<'s> Project<'s> {
    /// The project files of `sources`, none of them read yet.
    pub fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources }
    }

    /// The listed file that `specifier` names in an import of `from`. `None` for packages from a registry, and for what
    /// is not there. The code names this file; see [`Project::shipped`] for the one that a production build takes.
    pub fn resolve(&self, specifier: &str, from: FileId) -> Option<FileId> {
        let folder = self.sources.path(from).parent()?;
        if paths::is_relative(specifier) {
            paths::module_at(self.sources, &folder.join(specifier)?)
        } else {
            None
        }
    }

    /// The files that production builds take where code imports `file`: `[file]` for nearly all; another where Angular's
    /// `fileReplacements` put it there; several where builds that are deployed differ.
    pub fn shipped(&self, file: FileId) -> Vec<FileId> {
        vec![file]
    }

    /// The values that a production build gives to variable `name` of the environment where code reads it at `at`.
    /// A hole of [`Origin::Environment`] where the repository does not set it. Never empty.
    pub fn variable(&self, _object: EnvironmentObject, name: &str, at: Span) -> Vec<Text> {
        vec![Text::hole(Origin::Environment(name.into()), at)]
    }

    /// Where the code of `file` runs, and how that is known.
    pub fn delivery(&self, file: FileId, evidence: &Evidence<'_>) -> Delivery {
        delivery::judge(self, file, evidence)
    }
}
