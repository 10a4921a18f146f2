//! Paths that git leaves out of a clone: a build makes or installs what lies there.

use std::collections::BTreeMap;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use policy_text::source::{RepoPath, Sources};

/// The `.gitignore` files of a repository, each read when it is first asked.
pub(super) struct GitIgnored<'s> {
    sources: &'s Sources<'s>,
    /// By folder; `None` for a folder without one.
    files: BTreeMap<RepoPath, Option<Gitignore>>,
}

impl<'s> GitIgnored<'s> {
    pub(super) fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources, files: BTreeMap::new() }
    }

    /// Whether a `.gitignore` above `path` leaves it out. The nearest file that says anything about it decides.
    pub(super) fn leaves_out(&mut self, path: &RepoPath, is_folder: bool) -> bool {
        let decided = path.ancestors().skip(1).find_map(|folder| {
            let relative = path.strip_prefix(&folder)?;
            let file = self.files.entry(folder.clone()).or_insert_with(|| read(&folder, self.sources));
            let decision = file.as_ref()?.matched_path_or_any_parents(relative, is_folder);
            (!decision.is_none()).then(|| decision.is_ignore())
        });
        decided == Some(true)
    }
}

fn read(folder: &RepoPath, sources: &Sources<'_>) -> Option<Gitignore> {
    let file = sources.find(&folder.join(".gitignore")?)?;
    let text = sources.read(file).ok()?.text;
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        // A line that git cannot read says nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok()
}
