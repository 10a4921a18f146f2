//! What `docker build` would send from a folder: the walk over it, entering what Docker enters and nothing else.

use policy_text::source::{EntryKind, FileId, RepoPath, SourceText, SourceTree};

use crate::dockerignore::{self, IgnoreFile, ParentMatches, Pattern};

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
    /// What is wrong with the ignore file: lines, from 1, and why.
    pub problems: Vec<(usize, String)>,
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
    /// The line of the ignore file that decided, from 1.
    pub line: usize,
    /// What is written there.
    pub pattern: String,
}

/// Walks `folder` as Docker does, with the text of the ignore file that counts. What git ignores is sent as well.
pub fn what_is_sent(tree: &dyn SourceTree, folder: &RepoPath, ignore: Option<&str>) -> Sent {
    let text = SourceText::new(ignore.unwrap_or_default());
    // Only offsets are used of the spans, so any file will do.
    let (ignore, problems) = dockerignore::parse(FileId(0), text.as_str());
    let mut sent = walk(tree, folder, &ignore, &text);
    sent.problems = problems
        .into_iter()
        .map(|problem| (text.line_of(problem.at.range().start), problem.message))
        .collect();
    sent.files.sort_unstable();
    sent.excluded.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    sent.unreadable.sort_unstable();
    sent
}

fn walk(tree: &dyn SourceTree, folder: &RepoPath, ignore: &IgnoreFile, text: &SourceText) -> Sent {
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
                return sent;
            }
            let relative = path.strip_prefix(folder).unwrap_or_default();
            let (decision, below) = ignore.decide_below(relative, &matches);
            let by = decision.by.filter(|_| decision.excluded);
            let is_folder = kind == EntryKind::Folder;
            if is_folder && (by.is_none() || ignore.may_reenter(relative)) {
                pending.push((path.clone(), below));
            }
            match (by, kind) {
                (Some(by), _) => sent.excluded.push(excluded(path, is_folder, by, text)),
                (None, EntryKind::File(bytes)) => sent.files.push(SentFile { path, bytes }),
                (None, EntryKind::Link) => sent.files.push(SentFile { path, bytes: 0 }),
                (None, EntryKind::Folder | EntryKind::Special) => {}
            }
        }
    }
    sent
}

fn excluded(path: RepoPath, is_folder: bool, by: &Pattern, text: &SourceText) -> Excluded {
    let at = by.span.range();
    Excluded { path, is_folder, line: text.line_of(at.start), pattern: text.slice(at).to_owned() }
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    fn walk(paths: &[&str], ignore: &str) -> (Vec<String>, Vec<String>) {
        let tree =
            paths.iter().fold(MemoryTree::new(), |tree, path| tree.with(RepoPath::new(path).unwrap(), "x"));
        let sent = what_is_sent(&tree, &RepoPath::new("app").unwrap(), Some(ignore));
        assert_eq!((sent.unreadable.len(), sent.problems.len()), (0, 0));
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
    fn the_deciding_line_is_named() {
        let tree = MemoryTree::new().with(RepoPath::new("a.log").unwrap(), "x");
        let sent = what_is_sent(&tree, &RepoPath::root(), Some("# logs\n[\n  *.log\n"));
        assert_eq!((sent.excluded[0].line, sent.excluded[0].pattern.as_str()), (3, "*.log"));
        assert_eq!(sent.problems[0].0, 2);
    }

    #[test]
    fn a_folder_that_is_not_there_is_unreadable() {
        let sent = what_is_sent(&MemoryTree::new(), &RepoPath::root(), None);
        assert_eq!(sent.unreadable.len(), 1);
    }
}
