//! Which modules the Python files of a folder import: what is imported is compiled, and what only runs is not.

use std::collections::HashSet;

use policy_text::source::{RepoPath, Sources};

/// More files than this are not read.
const MAX_FILES: usize = 500;

/// The names of all modules and packages that files in some folder import.
pub(super) struct Imported(HashSet<String>);

impl Imported {
    /// What the files at or below `folder` import.
    pub(super) fn in_folder(folder: &RepoPath, sources: &Sources<'_>) -> Self {
        let files = sources.files_within(folder).filter(|(_, path)| path.extension() == Some("py"));
        let texts = files.take(MAX_FILES).filter_map(|(file, _)| sources.read(file).ok());
        let mut names = HashSet::new();
        for text in texts {
            names.extend(text.text.lines().filter_map(imported).flatten().map(ToOwned::to_owned));
        }
        Self(names)
    }

    /// Whether some module that lies in `folder` is among them.
    pub(super) fn any_of(&self, folder: &RepoPath, sources: &Sources<'_>) -> bool {
        sources.files_within(folder).any(|(_, path)| {
            let stem = path.file_name().strip_suffix(".py");
            path.parent().as_ref() == Some(folder) && stem.is_some_and(|stem| self.0.contains(stem))
        })
    }
}

/// The names in an import: those of `from .app.models import users as u` are `app`, `models`, `users` and `u`.
fn imported(line: &str) -> Option<impl Iterator<Item = &str>> {
    let line = line.trim_start();
    let rest = line.strip_prefix("from ").or_else(|| line.strip_prefix("import "))?;
    let names = rest.split('#').next().unwrap_or_default().split(|c: char| !c.is_alphanumeric() && c != '_');
    Some(names.filter(|name| !matches!(*name, "" | "import" | "as")))
}
