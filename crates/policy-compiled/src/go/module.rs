//! A module of Go: its folder, and the path that its packages are imported by.

use policy_text::source::{FileId, RepoPath, Sources};

/// A module.
pub(super) struct Module {
    folder: RepoPath,
    path: String,
}

impl Module {
    /// The module that a folder lies in.
    pub(super) fn above(folder: &RepoPath, sources: &Sources<'_>) -> Option<Self> {
        let file = folder.ancestors().find_map(|folder| sources.find(&folder.join("go.mod")?))?;
        let text = sources.read(file).ok()?.text;
        let path = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
        let path = path.split_whitespace().next()?.trim_matches('"').to_owned();
        Some(Self { folder: sources.folder_of(file), path })
    }

    /// The folder of a package that is imported by this path.
    pub(super) fn folder_of(&self, import: &str) -> Option<RepoPath> {
        let inside = import.strip_prefix(&self.path)?;
        match inside.strip_prefix('/') {
            Some(inside) => self.folder.join(inside),
            None => inside.is_empty().then(|| self.folder.clone()),
        }
    }
}

/// The folder of the module that a folder lies in.
pub(crate) fn module_of(folder: &RepoPath, sources: &Sources<'_>) -> Option<RepoPath> {
    Module::above(folder, sources).map(|module| module.folder)
}

/// The files of the package in a folder, without its tests.
pub(super) fn files_of<'a>(
    folder: &'a RepoPath,
    sources: &'a Sources<'_>,
) -> impl Iterator<Item = FileId> + use<'a> {
    let is_own = |path: &RepoPath| {
        path.parent().as_ref() == Some(folder)
            && path.extension() == Some("go")
            && !path.file_name().ends_with("_test.go")
    };
    sources.files_within(folder).filter(move |(_, path)| is_own(path)).map(|(file, _)| file)
}

/// Whether a folder holds a package that is built as a program.
pub(crate) fn is_command(folder: &RepoPath, sources: &Sources<'_>) -> bool {
    let mut texts = files_of(folder, sources).filter_map(|file| Some(sources.read(file).ok()?.text));
    texts.any(|text| text.lines().any(|line| line.trim_end() == "package main"))
}
