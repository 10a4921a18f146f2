//! The compose files of a repository.

use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::yaml::Yaml;

use crate::files::Parsed;
use crate::files::variables::SetVariables;
use crate::files::yaml_file::Flavour;

/// The compose files of a repository, in the order of paths.
pub(super) struct ComposeFiles<'a> {
    files: Vec<(FileId, &'a Yaml)>,
    set: SetVariables<'a>,
    sources: &'a Sources<'a>,
}

impl<'a> ComposeFiles<'a> {
    /// The compose files among those that were parsed.
    pub(super) fn of(parsed: &'a Parsed, sources: &'a Sources<'a>) -> Self {
        let composed = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Compose);
        Self {
            files: composed.map(|(id, file)| (*id, &file.yaml)).collect(),
            set: SetVariables::of(parsed),
            sources,
        }
    }

    /// The listed files of the tree.
    pub(super) fn sources(&self) -> &'a Sources<'a> {
        self.sources
    }

    /// The variables that something sets before compose reads the files.
    pub(super) fn set(&self) -> &SetVariables<'a> {
        &self.set
    }

    /// The compose file at `path`.
    pub(super) fn get(&self, path: &RepoPath) -> Option<&'a Yaml> {
        let id = self.sources.find(path)?;
        let index = self.files.binary_search_by_key(&id, |&(file, _)| file).ok()?;
        Some(self.files.get(index)?.1)
    }

    /// Every compose file with its path.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'a RepoPath, &'a Yaml)> {
        self.files.iter().map(|&(file, yaml)| (self.sources.path(file), yaml))
    }

    /// The paths of the compose files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'a RepoPath> {
        self.all().map(|(path, _)| path)
    }
}
