//! The root folder of a check, and the paths in it whose findings are shown.

use std::path::{Path, PathBuf};
use std::{fs, io};

use policy_core::report::Report;
use policy_core::source::RepoPath;
use policy_disk::{GitIgnored, is_listed};

use crate::exit::Failure;

/// The configuration's name. The folder that holds one is a root.
pub(crate) const CONFIGURATION: &str = "portcullis.toml";

/// The folder that is read as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// The folder, absolute and without links.
    pub(crate) folder: PathBuf,
    /// The files and folders whose findings are shown.
    pub(crate) shown: Vec<RepoPath>,
}

impl Root {
    /// The root of `paths`: the nearest folder upwards with `portcullis.toml` or `.git`, else the first path itself, or
    /// the folder that holds it where it is a file. What the repository above ignores is no part of it, and so a root of
    /// its own; [`GitIgnored::Read`] makes it a part.
    pub(crate) fn of(paths: &[PathBuf], ignored: GitIgnored) -> Result<Self, Failure> {
        let paths = paths
            .iter()
            .map(|path| real(path, |path, error| Failure::Root { path, error }))
            .collect::<Result<Vec<_>, _>>()?;
        let first = paths.first().cloned().unwrap_or_default();
        let start = if first.is_dir() { first.as_path() } else { first.parent().unwrap_or(&first) };
        let marked = start.ancestors().find(|folder| is_marked(folder));
        let folder = marked.filter(|root| is_listed(root, &first, ignored)).unwrap_or(start).to_path_buf();
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

fn is_marked(folder: &Path) -> bool {
    [CONFIGURATION, ".git"].iter().any(|name| folder.join(name).exists())
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
