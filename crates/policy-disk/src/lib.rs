//! The tree of files on disk: the one place that opens what is checked. It writes nothing and follows no link out of the root.

mod git_ignored;
mod index;
mod regular;

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use git_ignored::{Fate, Level, Unread};
use ignore::{DirEntry, WalkBuilder, WalkState};
use policy_text::source::{EntryKind, Listing, MAX_FILE_SIZE, ReadError, RepoPath, SourceTree, Unlisted};
use regular::{read_at_most, size_of_regular};
pub use regular::{read_regular, read_regular_text};

/// What becomes of the files that git ignores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitIgnored {
    /// They are files like others.
    Read,
    /// They are no part of the tree.
    Skip,
}

/// The files below a folder.
pub struct DiskTree {
    root: PathBuf,
    ignored: GitIgnored,
    threads: usize,
    named: Vec<RepoPath>,
    /// Folders that are known to lie in the root.
    inside: Mutex<HashSet<RepoPath>>,
}

impl DiskTree {
    /// The tree below `root`, a folder without links on the way to it, which `threads` walk.
    pub fn new(root: PathBuf, ignored: GitIgnored, threads: usize) -> Self {
        Self { root, ignored, threads, named: Vec::new(), inside: Mutex::default() }
    }

    /// The same tree with these files in it, also where git ignores them.
    #[must_use]
    pub fn with(mut self, files: impl IntoIterator<Item = RepoPath>) -> Self {
        self.named.extend(files);
        self
    }

    fn on_disk(&self, path: &RepoPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// Whether `folder` is one and lies in the root, also where a link leads to it: a checked repository must not show what
    /// lies elsewhere.
    fn is_inside(&self, folder: &RepoPath) -> bool {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if folder.is_root() || inside.contains(folder) {
            return true;
        }
        // A walk comes from the folder above.
        let mut path = folder.parent().filter(|above| inside.contains(above)).unwrap_or_else(RepoPath::root);
        for name in folder.strip_prefix(&path).unwrap_or_default().split('/') {
            let Some(next) = path.join(name) else { return false };
            path = next;
            if inside.contains(&path) {
                continue;
            }
            let on_disk = self.on_disk(&path);
            let is_folder = fs::symlink_metadata(&on_disk).is_ok_and(|metadata| metadata.is_dir());
            if !(is_folder || self.leads_inside(&on_disk) && on_disk.is_dir()) {
                return false;
            }
            inside.insert(path.clone());
        }
        true
    }

    /// Whether `link`, a path on disk, leads to something in the root.
    fn leads_inside(&self, link: &Path) -> bool {
        fs::canonicalize(link).is_ok_and(|target| target.starts_with(&self.root))
    }

    fn sort_in(&self, entry: &DirEntry, listing: &mut Listing) {
        // Links are not followed: what they lead to inside the root is listed at its own place.
        if !entry.file_type().is_some_and(|kind| kind.is_file()) && !self.is_linked_ignore_file(entry) {
            return;
        }
        match self.repo_path(entry.path()) {
            Some(path) => listing.files.push(path),
            None => listing.unlisted.push(Unlisted {
                path: self.shown(entry.path()),
                reason: "its name is not valid Unicode".to_owned(),
            }),
        }
    }

    /// Whether the entry is an ignore file of Docker that is a link to a file of this tree: Docker follows it.
    fn is_linked_ignore_file(&self, entry: &DirEntry) -> bool {
        entry.path_is_symlink()
            && entry
                .path()
                .extension()
                .or(Some(entry.file_name()))
                .is_some_and(|name| name == "dockerignore" || name == ".dockerignore")
            && self.leads_inside(entry.path())
            && entry.path().is_file()
    }

    fn repo_path(&self, path: &Path) -> Option<RepoPath> {
        repo_path(&self.root, path)
    }

    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned()
    }

    fn unlisted(&self, error: &ignore::Error) -> Unlisted {
        let path = path_of(error).map_or_else(|| ".".to_owned(), |path| self.shown(path));
        let reason = error.io_error().map_or_else(|| error.to_string(), plain_words);
        Unlisted { path, reason }
    }
}

/// `path` as it is named below `root`.
fn repo_path(root: &Path, path: &Path) -> Option<RepoPath> {
    let relative = path.strip_prefix(root).ok()?;
    if cfg!(windows) {
        RepoPath::new(&relative.to_str()?.replace('\\', "/"))
    } else {
        RepoPath::new(relative.to_str()?)
    }
}

/// Whether a walk of `root` comes to `path`. Both are absolute.
pub fn is_listed(root: &Path, path: &Path, ignored: GitIgnored) -> bool {
    let mut between: Vec<&Path> =
        path.ancestors().take_while(|above| *above != root && above.starts_with(root)).collect();
    between.reverse();
    if ignored == GitIgnored::Read || between.is_empty() {
        return true;
    }
    let mut level = Level::of_root(root, &mut Vec::new());
    let mut is_left_out = false;
    for path in &between {
        let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
        match level.fate(path, is_folder) {
            Fate::Ignored => return false,
            Fate::IgnoredByGit => is_left_out = true,
            Fate::Kept | Fate::Unknown => {}
        }
        level = Level::below(&level, path, &mut Vec::new());
    }
    !is_left_out || repo_path(root, path).is_some_and(|path| !index::tracked(root, &[path]).is_empty())
}

/// A walk of the tree by several threads.
struct Walk<'t> {
    tree: &'t DiskTree,
    /// The ignore files of each folder that was come to; `None` where they do not count.
    levels: Option<Mutex<HashMap<PathBuf, Arc<Level>>>>,
    lists: Mutex<Vec<ThreadListing>>,
}

/// One walking thread's part of the listing, handed over when the thread is done.
struct Walker<'w> {
    walk: &'w Walk<'w>,
    /// The folder that was last looked into.
    last: Option<(PathBuf, Arc<Level>)>,
    mine: ThreadListing,
}

#[derive(Default)]
struct ThreadListing {
    listing: Listing,
    unread: Vec<Unread>,
    /// What git leaves out, unless it tracks it.
    left_out: Vec<RepoPath>,
    /// Paths of which the ignore files could not be asked.
    unasked: Vec<PathBuf>,
}

impl Walker<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        let entry = match entry {
            Ok(entry) if entry.file_name() == ".git" && entry.depth() > 0 => return WalkState::Skip,
            Ok(entry) => entry,
            Err(error) => {
                self.mine.listing.unlisted.push(self.walk.tree.unlisted(&error));
                return WalkState::Continue;
            }
        };
        let fate = if entry.depth() > 0 { self.fate(&entry) } else { Fate::Kept };
        if matches!(fate, Fate::Ignored | Fate::IgnoredByGit) {
            let path = self.walk.tree.repo_path(entry.path());
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                self.mine.listing.folders_left_out.extend(path.clone());
            }
            if fate == Fate::IgnoredByGit {
                self.mine.left_out.extend(path);
            }
            return WalkState::Skip;
        }
        self.walk.tree.sort_in(&entry, &mut self.mine.listing);
        WalkState::Continue
    }

    /// What becomes of the entry. The ignore files of a folder that is kept are read.
    fn fate(&mut self, entry: &DirEntry) -> Fate {
        let (Some(levels), Some(folder)) = (&self.walk.levels, entry.path().parent()) else {
            return Fate::Kept;
        };
        let known = self.last.take().filter(|(last, _)| last == folder);
        let level = known
            .map(|(_, level)| level)
            .or_else(|| levels.lock().unwrap_or_else(PoisonError::into_inner).get(folder).map(Arc::clone));
        let Some(level) = level else { return Fate::Kept };
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let fate = level.fate(entry.path(), is_folder);
        if fate == Fate::Unknown {
            self.mine.unasked.push(entry.path().to_path_buf());
        }
        if is_folder && matches!(fate, Fate::Kept | Fate::Unknown) {
            let below = Level::below(&level, entry.path(), &mut self.mine.unread);
            let mut levels = levels.lock().unwrap_or_else(PoisonError::into_inner);
            levels.insert(entry.path().to_path_buf(), below);
        }
        self.last = Some((folder.to_path_buf(), level));
        fate
    }
}

impl Drop for Walker<'_> {
    fn drop(&mut self) {
        let mine = std::mem::take(&mut self.mine);
        self.walk.lists.lock().unwrap_or_else(PoisonError::into_inner).push(mine);
    }
}

impl SourceTree for DiskTree {
    fn list(&self) -> Listing {
        let mut all = ThreadListing {
            listing: Listing { files: self.named.clone(), ..Listing::default() },
            ..ThreadListing::default()
        };
        let levels = (self.ignored == GitIgnored::Skip).then(|| {
            let level = Level::of_root(&self.root, &mut all.unread);
            Mutex::new(HashMap::from([(self.root.clone(), level)]))
        });
        let walk = Walk { tree: self, levels, lists: Mutex::default() };
        // The ignore files of a stranger are read here, where they are measured, and never by the library.
        WalkBuilder::new(&self.root).standard_filters(false).threads(self.threads).build_parallel().run(
            || {
                let mut walker = Walker { walk: &walk, last: None, mine: ThreadListing::default() };
                Box::new(move |entry| walker.visit(entry))
            },
        );
        for mine in walk.lists.into_inner().unwrap_or_else(PoisonError::into_inner) {
            all.listing.files.extend(mine.listing.files);
            all.listing.unlisted.extend(mine.listing.unlisted);
            all.listing.folders_left_out.extend(mine.listing.folders_left_out);
            all.left_out.extend(mine.left_out);
            all.unread.extend(mine.unread);
            all.unasked.extend(mine.unasked);
        }
        let mut listing = all.listing;
        let tracked = index::tracked(&self.root, &all.left_out).into_iter();
        listing.files.extend(tracked.filter(|path| matches!(self.entry(path), Some(EntryKind::File(_)))));
        listing.unlisted.extend(all.unread.iter().map(|(path, error)| Unlisted {
            path: self.shown(path),
            reason: format!("{}, so its patterns were not applied", plain_words(error)),
        }));
        listing.unlisted.extend(all.unasked.iter().min().map(|first| Unlisted {
            path: self.shown(first),
            reason: format!(
                "matching {} against the ignore files takes too long, so nothing of it was ignored",
                match all.unasked.len() {
                    1 => "it".to_owned(),
                    count => format!("{count} such paths"),
                }
            ),
        }));
        listing
    }

    fn read(&self, path: &RepoPath) -> Result<Vec<u8>, ReadError> {
        // What is listed was seen to be a regular file.
        let file = File::open(self.on_disk(path)).map_err(|error| read_error(&error))?;
        let metadata = file.metadata().map_err(|error| read_error(&error))?;
        let size = size_of_regular(&metadata).map_err(|error| read_error(&error))?;
        if size > MAX_FILE_SIZE as u64 {
            return Err(ReadError::TooLarge(size));
        }
        read_at_most(file, size, MAX_FILE_SIZE).map_err(|error| read_error(&error))
    }

    fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        if !path.parent().is_none_or(|folder| self.is_inside(&folder)) {
            return None;
        }
        let metadata = fs::symlink_metadata(self.on_disk(path)).ok()?;
        Some(entry_kind(metadata.file_type(), || metadata.len()))
    }

    fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        if !self.is_inside(folder) {
            return Err(ReadError::NotFound);
        }
        let entries = fs::read_dir(self.on_disk(folder)).map_err(|error| read_error(&error))?;
        let mut children = entries
            .map(|entry| {
                let entry = entry?;
                let size = || entry.metadata().map_or(0, |metadata| metadata.len());
                Ok((lossy(&entry.file_name()), entry_kind(entry.file_type()?, size)))
            })
            .collect::<io::Result<Vec<_>>>()
            .map_err(|error| read_error(&error))?;
        children.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(children)
    }
}

fn lossy(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}

fn entry_kind(kind: FileType, size: impl FnOnce() -> u64) -> EntryKind {
    if kind.is_file() {
        EntryKind::File(size())
    } else if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_symlink() {
        EntryKind::Link
    } else {
        EntryKind::Special
    }
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound,
        io::ErrorKind::PermissionDenied => ReadError::PermissionDenied,
        _ => ReadError::Io(error.to_string()),
    }
}

/// Why something cannot be read or written, without the system's numbers where it is a common case.
pub fn plain_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::InvalidData => "it is not valid UTF-8".to_owned(),
        _ => read_error(error).to_string(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes the tree that it reads")]
    fn a_link_is_passed_where_it_leads_to_a_folder_of_the_tree_and_nowhere_else() {
        let (folder, outside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let root = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(root.join("app/src")).unwrap();
        fs::write(root.join("app/src/a.ts"), "a").unwrap();
        fs::create_dir(outside.path().join("src")).unwrap();
        fs::write(outside.path().join("src/a.ts"), "a").unwrap();
        symlink("app", root.join("same")).unwrap();
        symlink(outside.path(), root.join("away")).unwrap();

        let tree = DiskTree::new(root, GitIgnored::Read, 1);
        let path = |path: &str| RepoPath::new(path).unwrap();
        for app in ["app", "same"] {
            assert_eq!(tree.entry(&path(app).join("src/a.ts").unwrap()), Some(EntryKind::File(1)), "{app}");
            let children = tree.children(&path(app).join("src").unwrap()).unwrap();
            assert_eq!(children, [("a.ts".to_owned(), EntryKind::File(1))], "{app}");
        }
        assert_eq!(tree.entry(&path("away")), Some(EntryKind::Link));
        for beyond in ["away/src", "away/src/a.ts", "away/missing"] {
            assert_eq!(tree.entry(&path(beyond)), None, "{beyond}");
        }
        for folder in ["away", "away/src", "app/src/a.ts", "missing"] {
            assert!(tree.children(&path(folder)).is_err(), "{folder}");
        }
    }
}
