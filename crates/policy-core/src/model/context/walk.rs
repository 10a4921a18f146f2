//! What `docker build` would send from a folder: the walk over it, entering what Docker enters and nothing else.

use crate::parse::dockerignore::{IgnoreFile, ParentMatches};
use crate::source::{EntryKind, RepoPath, SourceTree, Span};

/// A walk ends after so many entries; a context of this size is a fault by itself.
const MAX_ENTRIES: usize = 2_000_000;

/// What a walk over a build context found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The files that are sent, by path.
    pub files: Vec<SentFile>,
    /// What is left out, by path. Of a folder that is left out as a whole only the folder is named.
    pub excluded: Vec<Excluded>,
    /// Folders that could not be entered, with the reason: a build fails at them.
    pub unreadable: Vec<(RepoPath, String)>,
    /// Whether the walk ended early because there is too much.
    pub cut_off: bool,
}

/// A file that is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SentFile {
    /// The file.
    pub path: RepoPath,
    /// Its size; 0 for a link.
    pub bytes: u64,
}

/// A file or folder that is not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// The file, or the folder.
    pub path: RepoPath,
    /// Whether it is a folder. All that is in it stays out, unless an exception lets some of it in.
    pub is_folder: bool,
    /// The pattern that decided.
    pub by: Span,
}

/// Walks `folder` as Docker does. What git ignores is sent as well.
pub fn what_is_sent(tree: &dyn SourceTree, folder: &RepoPath, ignore: Option<&IgnoreFile>) -> Sent {
    let mut sent = Sent::default();
    let mut entries = 0_usize;
    let mut pending = vec![(folder.clone(), ParentMatches::default())];
    while let Some((current, matches)) = pending.pop() {
        let children = match tree.children(&current) {
            Ok(children) => children,
            Err(error) => {
                sent.unreadable.push((current, error.to_string()));
                continue;
            }
        };
        for (name, kind) in children {
            let Some(path) = current.join(&name) else { continue };
            entries += 1;
            if entries > MAX_ENTRIES {
                sent.cut_off = true;
                return sorted(sent);
            }
            let relative = path.strip_prefix(folder).unwrap_or_default();
            let (by, below) = match ignore {
                Some(ignore) => {
                    let (decision, below) = ignore.decide_below(relative, &matches);
                    (decision.by.filter(|_| decision.excluded), below)
                }
                None => (None, ParentMatches::default()),
            };
            let is_folder = kind == EntryKind::Folder;
            if is_folder && (by.is_none() || ignore.is_some_and(|ignore| ignore.may_reenter(relative))) {
                pending.push((path.clone(), below));
            }
            match (by, kind) {
                (Some(by), _) => sent.excluded.push(Excluded { path, is_folder, by: by.span }),
                (None, EntryKind::File(bytes)) => sent.files.push(SentFile { path, bytes }),
                (None, EntryKind::Link) => sent.files.push(SentFile { path, bytes: 0 }),
                (None, EntryKind::Folder | EntryKind::Special) => {}
            }
        }
    }
    sorted(sent)
}

fn sorted(mut sent: Sent) -> Sent {
    sent.files.sort_unstable();
    sent.excluded.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    sent.unreadable.sort_unstable();
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::dockerignore;
    use crate::source::{FileId, MemoryTree};

    fn walk(paths: &[&str], ignore: &str) -> (Vec<String>, Vec<String>) {
        let tree =
            paths.iter().fold(MemoryTree::new(), |tree, path| tree.with(RepoPath::new(path).unwrap(), "x"));
        let (ignore, problems) = dockerignore::parse(FileId(0), ignore);
        assert_eq!(problems, []);
        let sent = what_is_sent(&tree, &RepoPath::new("app").unwrap(), Some(&ignore));
        assert_eq!(sent.unreadable, []);
        let files = sent.files.iter().map(|file| file.path.to_string()).collect();
        (files, sent.excluded.iter().map(|excluded| excluded.path.to_string()).collect())
    }

    #[test]
    fn an_excluded_folder_is_named_and_not_entered() {
        let (files, excluded) = walk(
            &["app/src/a.js", "app/node_modules/b/c.js", "app/web/node_modules/d.js", "other/e.js"],
            "node_modules\n",
        );
        assert_eq!(files, ["app/src/a.js", "app/web/node_modules/d.js"]);
        assert_eq!(excluded, ["app/node_modules"]);
    }

    #[test]
    fn an_exception_lets_a_part_of_an_excluded_folder_in() {
        let (files, excluded) = walk(&["app/docs/a.md", "app/docs/b.md", "app/x"], "docs\n!docs/a.md\n");
        assert_eq!(files, ["app/docs/a.md", "app/x"]);
        assert_eq!(excluded, ["app/docs", "app/docs/b.md"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_unreadable() {
        let sent = what_is_sent(&MemoryTree::new(), &RepoPath::root(), None);
        assert_eq!(sent.unreadable.len(), 1);
    }
}
