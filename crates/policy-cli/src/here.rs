//! Paths as whoever started the program would type them.

use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use policy_core::source::RepoPath;

/// The root of a check, seen from the current folder.
#[derive(Clone, Debug)]
pub(crate) struct Here {
    root: PathBuf,
    /// Without links; `None` where there is none.
    current: Option<PathBuf>,
}

impl Here {
    /// Paths below `root`, which is absolute and without links, seen from the current folder.
    pub(crate) fn new(root: &Path) -> Self {
        let current = env::current_dir().ok().and_then(|folder| fs::canonicalize(folder).ok());
        Self { root: root.to_path_buf(), current }
    }

    /// `path` from the current folder, where that lies in the root or above it, and absolute elsewhere.
    pub(crate) fn shown(&self, path: &RepoPath) -> String {
        let on_disk = self.on_disk(path);
        let from_here = self.current.as_deref().and_then(|current| self.relative(&on_disk, current));
        from_here.unwrap_or(on_disk).display().to_string()
    }

    /// `path` on disk.
    pub(crate) fn on_disk(&self, path: &RepoPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    fn relative(&self, path: &Path, current: &Path) -> Option<PathBuf> {
        if let Ok(below) = path.strip_prefix(current) {
            return Some(below.to_path_buf());
        }
        if !current.starts_with(&self.root) {
            return None;
        }
        let common = current.ancestors().find(|folder| path.starts_with(folder))?;
        let up = current.strip_prefix(common).ok()?.components().map(|_| Component::ParentDir);
        Some(up.chain(path.strip_prefix(common).ok()?.components()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_from_where_one_stands() {
        let shown = |current: &str, path: &str| {
            let here = Here { root: "/r/repo".into(), current: Some(current.into()) };
            here.shown(&RepoPath::new(path).unwrap())
        };
        assert_eq!(shown("/r/repo", "a/b.tf"), "a/b.tf");
        assert_eq!(shown("/r", "a/b.tf"), "repo/a/b.tf");
        assert_eq!(shown("/r/repo/a", "a/b.tf"), "b.tf");
        assert_eq!(shown("/r/repo/c/d", "a/b.tf"), "../../a/b.tf");
        assert_eq!(shown("/elsewhere", "a/b.tf"), "/r/repo/a/b.tf");
    }
}
