//! A tree with some files in memory that stand for those below: what an editor has not saved, or what git holds.

use std::collections::{BTreeMap, BTreeSet};

use super::{EntryKind, Listing, MAX_FILE_SIZE, ReadError, RepoPath, SourceTree};

/// A tree over another one.
pub struct Overlay<T> {
    below: T,
    /// The files that are not as they are below.
    over: BTreeMap<RepoPath, Laid>,
    /// The folders that hold a file which lies over the tree.
    folders: BTreeSet<RepoPath>,
}

/// What lies over a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Laid {
    /// A file with these bytes.
    File(Vec<u8>),
    /// A file of this size, which is more than is read.
    TooLarge(u64),
    /// Nothing: there is no such file.
    Absent,
}

impl<T: SourceTree> Overlay<T> {
    /// The tree `below` as it is.
    pub fn new(below: T) -> Self {
        Self { below, over: BTreeMap::new(), folders: BTreeSet::new() }
    }

    /// The same tree with these files over it.
    #[must_use]
    pub fn with(mut self, files: impl IntoIterator<Item = (RepoPath, Laid)>) -> Self {
        self.over.extend(files);
        self.index();
        self
    }

    /// Lays a file over what is at `path`.
    pub fn lay(&mut self, path: RepoPath, laid: Laid) {
        self.over.insert(path, laid);
        self.index();
    }

    /// Takes away what lies over `path`, and says whether anything did.
    pub fn lift(&mut self, path: &RepoPath) -> bool {
        let lay = self.over.remove(path).is_some();
        self.index();
        lay
    }

    /// The tree below, to be replaced.
    pub fn below_mut(&mut self) -> &mut T {
        &mut self.below
    }

    fn index(&mut self) {
        let there = self.over.iter().filter(|(_, laid)| **laid != Laid::Absent);
        self.folders = there.flat_map(|(path, _)| path.ancestors().skip(1)).collect();
    }
}

impl Laid {
    fn kind(&self) -> Option<EntryKind> {
        match self {
            Self::File(bytes) => Some(EntryKind::File(bytes.len() as u64)),
            Self::TooLarge(size) => Some(EntryKind::File(*size)),
            Self::Absent => None,
        }
    }
}

impl<T: SourceTree> SourceTree for Overlay<T> {
    fn list(&self) -> Listing {
        let mut listing = self.below.list();
        listing.files.retain(|path| !self.over.contains_key(path));
        let there = self.over.iter().filter(|(_, laid)| **laid != Laid::Absent);
        listing.files.extend(there.map(|(path, _)| path.clone()));
        listing
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError> {
        match self.over.get(path) {
            None => self.below.read(path),
            Some(Laid::File(bytes)) if bytes.len() > MAX_FILE_SIZE => {
                Err(ReadError::TooLarge(bytes.len() as u64))
            }
            Some(Laid::File(bytes)) => Ok(bytes.clone()),
            Some(Laid::TooLarge(size)) => Err(ReadError::TooLarge(*size)),
            Some(Laid::Absent) => Err(ReadError::NotFound),
        }
    }

    fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        match self.over.get(path) {
            Some(laid) => laid.kind(),
            None if self.folders.contains(path) => Some(EntryKind::Folder),
            None => self.below.entry(path),
        }
    }

    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let below = match self.below.children(folder) {
            Err(ReadError::NotFound) if self.folders.contains(folder) => Vec::new(),
            other => other?,
        };
        let mut children: BTreeMap<String, EntryKind> = below.into_iter().collect();
        let first = if folder.is_root() { String::new() } else { format!("{folder}/") };
        let within =
            self.over.iter().filter_map(|(path, laid)| Some((path.as_str().strip_prefix(&first)?, laid)));
        for (rest, laid) in within {
            match (rest.split_once('/'), laid.kind()) {
                (None, Some(kind)) => {
                    children.insert(rest.to_owned(), kind);
                }
                (None, None) => {
                    children.remove(rest);
                }
                (Some((name, _)), Some(_)) => {
                    children.insert(name.to_owned(), EntryKind::Folder);
                }
                (Some(_), None) => {}
            }
        }
        Ok(children.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryTree;

    fn path(path: &str) -> RepoPath {
        RepoPath::new(path).unwrap()
    }

    fn tree() -> Overlay<MemoryTree> {
        let below = MemoryTree::of(&[("a/x", "1"), ("a/y", "22"), ("b", "333")]);
        Overlay::new(below).with([
            (path("a/x"), Laid::Absent),
            (path("a/y"), Laid::File(b"new".to_vec())),
            (path("c/d/e"), Laid::File(Vec::new())),
            (path("big"), Laid::TooLarge(1 << 40)),
        ])
    }

    #[test]
    fn what_lies_over_a_file_stands_for_it() {
        let tree = tree();
        let mut files = tree.list().files;
        files.sort_unstable();
        assert_eq!(files, ["a/y", "b", "big", "c/d/e"].map(path));
        assert_eq!(tree.read(&path("a/y")), Ok(b"new".to_vec()));
        assert_eq!(tree.read(&path("a/x")), Err(ReadError::NotFound));
        assert_eq!(tree.read(&path("big")), Err(ReadError::TooLarge(1 << 40)));
        assert_eq!(tree.read(&path("b")), Ok(b"333".to_vec()));
    }

    #[test]
    fn folders_hold_what_lies_over_them() {
        let tree = tree();
        assert_eq!(tree.entry(&path("c/d")), Some(EntryKind::Folder));
        assert_eq!(tree.entry(&path("a/x")), None);
        let names = |folder: &str| {
            let children = tree.children(&path(folder)).unwrap();
            children.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(""), ["a", "b", "big", "c"]);
        assert_eq!(names("a"), ["y"]);
        assert_eq!(names("c"), ["d"]);
        assert!(tree.children(&path("d")).is_err());
    }

    #[test]
    fn what_is_lifted_leaves_what_is_below() {
        let mut tree = tree();
        assert!(tree.lift(&path("a/x")) && !tree.lift(&path("a/x")));
        assert_eq!(tree.read(&path("a/x")), Ok(b"1".to_vec()));
    }
}
