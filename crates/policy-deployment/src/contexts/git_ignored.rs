//! Paths that git ignores, so that a build has to create them.

use std::collections::BTreeMap;

use policy_text::gitignore::{Effort, IgnoreFile, Verdict};
use policy_text::source::{RepoPath, Sources};

/// The `.gitignore` files of a repository, each read when it is first asked.
pub(super) struct GitIgnoreFiles<'s> {
    sources: &'s Sources<'s>,
    /// By folder; `None` for a folder without one.
    files: BTreeMap<RepoPath, Option<IgnoreFile>>,
}

impl<'s> GitIgnoreFiles<'s> {
    pub(super) fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources, files: BTreeMap::new() }
    }

    /// Whether a `.gitignore` above `path` leaves it out. The nearest file that says anything about it decides.
    pub(super) fn leaves_out(&mut self, path: &RepoPath, is_folder: bool) -> bool {
        let mut effort = Effort::default();
        let decided = path.ancestors().skip(1).find_map(|folder| {
            let file = self.files.entry(folder.clone()).or_insert_with(|| read(&folder, self.sources));
            let file = file.as_ref()?;
            // What lies in a folder that is left out is left out with it.
            path.ancestors().take_while(|above| *above != folder).find_map(|above| {
                let is_folder = is_folder || above != *path;
                file.verdict(above.strip_prefix(&folder)?.as_bytes(), is_folder, &mut effort)
            })
        });
        decided == Some(Verdict::Ignored)
    }
}

fn read(folder: &RepoPath, sources: &Sources<'_>) -> Option<IgnoreFile> {
    let file = sources.find(&folder.join(".gitignore")?)?;
    Some(IgnoreFile::parse(sources.read(file).ok()?.text.as_bytes()))
}
