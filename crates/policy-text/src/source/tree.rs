//! The only door to file contents: a disk, a map in memory or an editor's overlay behind one trait.

use std::collections::{BTreeMap, BTreeSet};

use super::{MAX_FILE_SIZE, RepoPath};

/// A tree of files to check. Implementations give the same answers for the whole of a check.
pub trait SourceTree: Sync {
    /// Every file to be considered, in any order, and what could not be listed.
    fn list(&self) -> Listing;

    /// The bytes of a file.
    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError>;

    /// What is at `path`, also where the listing leaves it out because git ignores it. Links are not followed.
    fn entry(&self, path: &RepoPath) -> Option<EntryKind>;

    /// Names and kinds of all that a folder holds, sorted by name, also what the listing leaves out.
    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError>;
}

impl<T: SourceTree + ?Sized> SourceTree for &T {
    fn list(&self) -> Listing {
        (**self).list()
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError> {
        (**self).read(path)
    }

    fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        (**self).entry(path)
    }

    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        (**self).children(folder)
    }
}

/// What a walk of the tree found.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The files, in any order.
    pub files: Vec<RepoPath>,
    /// What could not be listed, and why.
    pub unlisted: Vec<Unlisted>,
    /// The topmost folders that are left out because git ignores them, in any order.
    pub folders_left_out: Vec<RepoPath>,
}

/// A place of the tree that the walk could not enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The place as it can be shown; it need not be valid Unicode on disk.
    pub path: String,
    /// The reason, for people.
    pub reason: String,
}

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file and its size in bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A symbolic link, followed or not.
    Link,
    /// A socket, a pipe or a device.
    Special,
}

/// Why a file's contents are not to be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing is there.
    #[error("it does not exist")]
    NotFound,
    /// The user may not read it.
    #[error("permission denied")]
    PermissionDenied,
    /// Larger than [`MAX_FILE_SIZE`].
    #[error("it has {0} bytes; files over {limit} are not read", limit = MAX_FILE_SIZE)]
    TooLarge(u64),
    /// Any other failure, in the system's words.
    #[error("{0}")]
    Io(String),
}

/// A tree held in memory: cards' examples, tests and editors.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    files: BTreeMap<RepoPath, Vec<u8>>,
    unreadable: BTreeSet<RepoPath>,
}

impl MemoryTree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    #[must_use]
    pub fn with(mut self, path: RepoPath, contents: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path, contents.into());
        self
    }

    /// A tree of paths and texts. A path that leaves the tree is left out.
    pub fn of(files: &[(&str, &str)]) -> Self {
        files.iter().fold(Self::new(), |tree, (path, text)| match RepoPath::new(path) {
            Some(path) => tree.with(path, *text),
            None => tree,
        })
    }

    /// Adds a file that is listed and cannot be read.
    #[must_use]
    pub fn with_unreadable(mut self, path: RepoPath) -> Self {
        self.files.insert(path.clone(), Vec::new());
        self.unreadable.insert(path);
        self
    }
}

impl SourceTree for MemoryTree {
    fn list(&self) -> Listing {
        Listing { files: self.files.keys().cloned().collect(), ..Listing::default() }
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError> {
        if self.unreadable.contains(path) {
            return Err(ReadError::PermissionDenied);
        }
        let contents = self.files.get(path).ok_or(ReadError::NotFound)?;
        if contents.len() > MAX_FILE_SIZE {
            return Err(ReadError::TooLarge(contents.len() as u64));
        }
        Ok(contents.clone())
    }

    fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        if let Some(contents) = self.files.get(path) {
            return Some(EntryKind::File(contents.len() as u64));
        }
        self.files.keys().any(|file| file.is_within(path)).then_some(EntryKind::Folder)
    }

    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let names: BTreeSet<&str> = self
            .files
            .keys()
            .filter_map(|file| file.strip_prefix(folder))
            .filter_map(|rest| rest.split('/').next())
            .filter(|name| !name.is_empty())
            .collect();
        let children: Vec<_> = names
            .into_iter()
            .filter_map(|name| Some((name.to_owned(), self.entry(&folder.join(name)?)?)))
            .collect();
        if children.is_empty() { Err(ReadError::NotFound) } else { Ok(children) }
    }
}
