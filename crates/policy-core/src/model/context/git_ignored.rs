//! Paths that git leaves out of a clone: a build makes or installs what lies there.

use ignore::gitignore::GitignoreBuilder;

use crate::source::{RepoPath, Sources};

/// Whether a `.gitignore` above `path` leaves it out. The nearest file that says anything about it decides.
pub(super) fn is_git_ignored(path: &RepoPath, is_folder: bool, sources: &Sources<'_>) -> bool {
    let decided = path.ancestors().skip(1).find_map(|folder| {
        let file = sources.find(&folder.join(".gitignore")?)?;
        let text = sources.read(file).ok()?.text;
        let mut builder = GitignoreBuilder::new("");
        for line in text.lines() {
            // A line that git cannot read says nothing.
            let _ = builder.add_line(None, line);
        }
        let matched = builder.build().ok()?;
        let decision = matched.matched_path_or_any_parents(path.strip_prefix(&folder)?, is_folder);
        (!decision.is_none()).then(|| decision.is_ignore())
    });
    decided == Some(true)
}
