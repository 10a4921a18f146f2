//! The root folder of a check, and the paths in it whose findings are shown.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use policy_core::config::is_root;
use policy_core::report::Report;
use policy_core::source::RepoPath;
use policy_disk::{GitIgnored, is_listed, read_regular_text};

use crate::exit::Failure;

/// The configuration's name.
pub(crate) const CONFIGURATION: &str = "portcullis.toml";

/// The largest configuration that is read, in bytes.
pub(crate) const MAX_CONFIGURATION: usize = 1 << 20;

/// The folder that is read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// The folder, absolute and without links.
    pub(crate) folder: PathBuf,
    /// The files and folders whose findings are shown.
    pub(crate) shown: Vec<RepoPath>,
}

impl Root {
    /// The root of `paths`, whatever their order: from the deepest folder that holds all of them upwards, the nearest with
    /// `.git` or with a `portcullis.toml` that says `root = true`; without one, the topmost with a `portcullis.toml`;
    /// without any, that folder itself, where it is one of `paths` or lies in the current folder: nobody means to have a
    /// whole disk read. What the repository above ignores is no part of it, and so a root of its own;
    /// [`GitIgnored::Read`] makes it a part.
    pub(crate) fn of(paths: &[PathBuf], ignored: GitIgnored) -> Result<Self, Failure> {
        let paths = paths
            .iter()
            .map(|path| real(path, |path, error| Failure::Root { path, error }))
            .collect::<Result<Vec<_>, _>>()?;
        let start = common_folder(&paths);
        let holds_all = |root: &&Path| paths.iter().all(|path| is_listed(root, path, ignored));
        let folder = match marked(&start).filter(holds_all) {
            Some(marked) => marked.to_path_buf(),
            None if is_named(&start, &paths) || is_here(&start) => start,
            None => return Err(Failure::NoRoot(paths)),
        };
        let shown = paths.iter().map(|path| within(path, &folder)).collect::<Result<_, _>>()?;
        Ok(Self { folder, shown })
    }

    /// What of `report` is located in the places that were asked for.
    pub(crate) fn narrowed(&self, mut report: Report) -> Report {
        if self.shown.iter().any(RepoPath::is_root) {
            return report;
        }
        let is_shown = |path: &RepoPath| self.shown.iter().any(|shown| path.is_within(shown));
        let files = &report.files;
        let holds = |file| files.get(&file).is_some_and(|file| is_shown(&file.path));
        report.diagnostics.retain(|diagnostic| holds(diagnostic.finding.primary.span.file));
        report.problems.retain(|problem| holds(problem.at.file));
        report.unresolved.retain(|value| holds(value.at.file));
        let is_shown = |path: &str| RepoPath::new(path).is_some_and(|path| is_shown(&path));
        report.gone.retain(|known| is_shown(&known.path));
        report.unlisted.retain(|place| is_shown(&place.path));
        report
    }
}

/// Whether `folder` lies in one that something marks as a root.
pub(crate) fn is_in_repository(folder: &Path) -> bool {
    fs::canonicalize(folder).is_ok_and(|folder| marked(&folder).is_some())
}

/// The deepest folder that holds all of `paths`, which are there.
fn common_folder(paths: &[PathBuf]) -> PathBuf {
    let folder_of = |path: &PathBuf| {
        if path.is_dir() { path.clone() } else { path.parent().unwrap_or(path).to_path_buf() }
    };
    let mut folders = paths.iter().map(folder_of);
    let first = folders.next().unwrap_or_default();
    folders.fold(first, |common, folder| {
        let holds = |above: &&Path| folder.starts_with(above);
        common.ancestors().find(holds).unwrap_or(&common).to_path_buf()
    })
}

/// Whether `folder` is one of `paths`, or holds the one file that they are.
fn is_named(folder: &PathBuf, paths: &[PathBuf]) -> bool {
    paths.len() == 1 || paths.contains(folder)
}

/// Whether `folder` is the current folder or lies in it.
fn is_here(folder: &Path) -> bool {
    let current = env::current_dir().and_then(fs::canonicalize);
    current.is_ok_and(|current| folder.starts_with(current))
}

/// The folder from `start` upwards that something marks as a root.
fn marked(start: &Path) -> Option<&Path> {
    let is_root = |folder: &&Path| folder.join(".git").exists() || says_root(&folder.join(CONFIGURATION));
    let configured = |folder: &&Path| folder.join(CONFIGURATION).exists();
    start.ancestors().find(is_root).or_else(|| start.ancestors().filter(configured).last())
}

/// Whether the configuration at `path` says that its folder is a root.
fn says_root(path: &Path) -> bool {
    read_regular_text(path, MAX_CONFIGURATION).is_ok_and(|text| is_root(&text))
}

fn real(path: &Path, failure: impl Fn(PathBuf, io::Error) -> Failure) -> Result<PathBuf, Failure> {
    let failure = |error| failure(path.to_path_buf(), error);
    let real = fs::canonicalize(path).map_err(failure)?;
    let kind = fs::metadata(&real).map_err(failure)?;
    if kind.is_dir() {
        fs::read_dir(&real).map_err(failure)?;
    } else if !kind.is_file() {
        return Err(Failure::Special(path.to_path_buf()));
    }
    Ok(real)
}

/// The path from the root of a check of a file that exists; `what` is said of one that does not.
pub(crate) fn from_root(path: &Path, root: &Path, what: &'static str) -> Result<RepoPath, Failure> {
    within(&real(path, |path, error| Failure::Read { what, path, error })?, root)
}

/// Whether `path` is a link to something that does not lie in the folder `root`, which is absolute and without links.
pub(crate) fn leads_out(path: &Path, root: &Path) -> bool {
    path.is_symlink() && !fs::canonicalize(path).is_ok_and(|target| target.starts_with(root))
}

fn within(path: &Path, root: &Path) -> Result<RepoPath, Failure> {
    let outside = || Failure::Outside { path: path.to_path_buf(), root: root.to_path_buf() };
    let relative = path.strip_prefix(root).map_err(|_| outside())?;
    let not_unicode = || Failure::NotUnicode(path.to_path_buf());
    let text = relative.to_str().ok_or_else(not_unicode)?;
    RepoPath::new(&text.replace(std::path::MAIN_SEPARATOR, "/")).ok_or_else(not_unicode)
}
