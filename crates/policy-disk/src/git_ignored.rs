//! What git leaves out of a tree: its ignore files, and `.ignore`, each read once and as a file of anybody's.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::gitconfig_excludes_path;
use policy_text::gitignore::{Effort, IgnoreFile, Verdict};
use policy_text::source::MAX_FILE_SIZE;

use crate::regular::{read_regular, read_regular_text};

/// The longest pointer to a repository that stands elsewhere.
const MAX_POINTER: usize = 4096 + 64;

/// The ignore files of a folder, and those above it.
#[derive(Debug, Default)]
pub(crate) struct Level {
    above: Option<Arc<Level>>,
    folder: PathBuf,
    /// `.ignore`, which counts before git's.
    plain: IgnoreFile,
    /// `.gitignore`.
    git: IgnoreFile,
    /// What git reads besides, where the folder is the top of a repository.
    repository: Option<Repository>,
}

/// The ignore files of a repository that stand in none of its folders.
#[derive(Debug)]
struct Repository {
    exclude: IgnoreFile,
    global: IgnoreFile,
}

/// What the ignore files say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    /// `.ignore` leaves it out.
    Ignored,
    /// Git leaves it out, unless it tracks it.
    IgnoredByGit,
    /// It would take too much work to know; kept.
    Unknown,
}

/// An ignore file that was not read, and why.
pub(crate) type Unread = (PathBuf, io::Error);

impl Level {
    /// The level of `root`, with what its repository says above it.
    pub(crate) fn of_root(root: &Path, unread: &mut Vec<Unread>) -> Arc<Self> {
        let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
        let mut folders: Vec<&Path> = root.ancestors().take_while(|folder| folder.starts_with(top)).collect();
        folders.reverse();
        folders.into_iter().fold(Arc::default(), |above, folder| Self::below(&above, folder, unread))
    }

    /// The level of `folder`, which lies in that of `above`.
    pub(crate) fn below(above: &Arc<Self>, folder: &Path, unread: &mut Vec<Unread>) -> Arc<Self> {
        let mut read = |path: PathBuf| {
            file_in_tree(&path).unwrap_or_else(|error| {
                unread.push((path, error));
                IgnoreFile::default()
            })
        };
        let plain = read(folder.join(".ignore"));
        let git = read(folder.join(".gitignore"));
        let repository = folder.join(".git").exists().then(|| Repository {
            exclude: common_folder(folder)
                .map(|common| read(common.join("info/exclude")))
                .unwrap_or_default(),
            global: gitconfig_excludes_path()
                .and_then(|path| read_regular(&path, MAX_FILE_SIZE).ok())
                .map(|bytes| IgnoreFile::parse(&bytes))
                .unwrap_or_default(),
        });
        if plain.is_empty() && git.is_empty() && repository.is_none() {
            return Arc::clone(above);
        }
        let (above, folder) = (Some(Arc::clone(above)), folder.to_path_buf());
        Arc::new(Self { above, folder, plain, git, repository })
    }

    /// What becomes of `path`, which lies in the folder of this level.
    pub(crate) fn fate(&self, path: &Path, is_folder: bool) -> Fate {
        let mut effort = Effort::default();
        let path = slashed(path);
        let mut verdict = |level: &Self, file: &IgnoreFile| {
            let relative = path.get(slashed(&level.folder).len()..)?;
            let relative = relative.strip_prefix(b"/").unwrap_or(relative);
            file.verdict(relative, is_folder, &mut effort)
        };
        // Git asks nothing beyond the top of the repository.
        let top = self.chain().position(|level| level.repository.is_some());
        let in_repository = || self.chain().take(top.map_or(0, |top| top + 1));
        match self.chain().find_map(|level| verdict(level, &level.plain)) {
            Some(Verdict::Ignored) => return Fate::Ignored,
            Some(Verdict::Kept) => return Fate::Kept,
            None => {}
        }
        let said = in_repository().find_map(|level| verdict(level, &level.git)).or_else(|| {
            let (level, repository) =
                in_repository().find_map(|level| Some((level, level.repository.as_ref()?)))?;
            verdict(level, &repository.exclude).or_else(|| verdict(level, &repository.global))
        });
        match said {
            Some(Verdict::Ignored) => Fate::IgnoredByGit,
            None if effort.is_spent() => Fate::Unknown,
            Some(Verdict::Kept) | None => Fate::Kept,
        }
    }

    /// This level and those above, the nearest first.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |level| level.above.as_deref())
    }
}

/// The ignore file at `path`, empty where none is. Git obeys none that is a link.
fn file_in_tree(path: &Path) -> io::Result<IgnoreFile> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Ok(IgnoreFile::default()),
        Ok(_) => Ok(IgnoreFile::parse(&read_regular(path, MAX_FILE_SIZE)?)),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
        Err(_) => Ok(IgnoreFile::default()),
    }
}

/// Where git keeps what belongs to the repository of which `folder` is the top: `.git`, or what a file of that name leads to,
/// as in a worktree.
fn common_folder(folder: &Path) -> Option<PathBuf> {
    let own = own_folder(folder)?;
    let common = first_line(&own.join("commondir")).map(|common| own.join(common));
    Some(common.unwrap_or(own))
}

/// Where git keeps what belongs to this work tree alone.
pub(crate) fn own_folder(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    Some(folder.join(first_line(&git)?.strip_prefix("gitdir: ")?))
}

fn first_line(path: &Path) -> Option<String> {
    let text = read_regular_text(path, MAX_POINTER).ok()?;
    text.lines().next().map(str::to_owned)
}

/// The path as git compares it.
fn slashed(path: &Path) -> Cow<'_, [u8]> {
    if cfg!(windows) {
        Cow::Owned(path.to_string_lossy().replace('\\', "/").into_bytes())
    } else {
        Cow::Borrowed(path.as_os_str().as_encoded_bytes())
    }
}
