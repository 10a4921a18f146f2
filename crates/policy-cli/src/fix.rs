//! `--fix` and `--diff`: what the findings offer, written to the files or shown.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use policy_core::finding::Applicability;
use policy_core::report::{Change, Report, changes};
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::exit::Failure;
use crate::harmless::harmless;

/// The changes as one unified diff.
pub(crate) fn diff(report: &Report, lowest: Applicability) -> String {
    changes(report, lowest).iter().map(file_diff).collect()
}

fn file_diff(change: &Change) -> String {
    let path = harmless(change.path.as_str());
    let before = change.before.as_deref();
    let old = before.map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{path}"));
    TextDiff::from_lines(before.unwrap_or_default(), &change.after)
        .unified_diff()
        .header(&old, &format!("b/{path}"))
        .to_string()
}

/// Writes the changes below `root`, and says how many files were changed. Where a file is no longer what was checked, or
/// cannot be written, none is.
pub(crate) fn apply(report: &Report, lowest: Applicability, root: &Path) -> Result<usize, Failure> {
    let changes = changes(report, lowest);
    write(&changes, root)?;
    Ok(changes.len())
}

fn write(changes: &[Change], root: &Path) -> Result<(), Failure> {
    let staged = changes.iter().map(|change| stage(change, root)).collect::<Result<Vec<_>, _>>()?;
    // What is left to do is to give names in folders where a file could just be made.
    staged.into_iter().try_for_each(Staged::put_in_place)
}

/// A new content, complete on disk beside the file that it is for. Dropped, it is gone.
struct Staged {
    content: NamedTempFile,
    path: PathBuf,
    is_new: bool,
}

fn stage(change: &Change, root: &Path) -> Result<Staged, Failure> {
    let path = root.join(change.path.as_str());
    let failure = |error| Failure::Output { path: path.clone(), error };
    match &change.before {
        Some(before) => {
            // A link stays one: what it leads to is changed.
            let path = fs::canonicalize(&path).map_err(failure)?;
            let original = OpenOptions::new().read(true).write(true).open(&path).map_err(failure)?;
            if fs::read(&path).map_err(failure)? != before.as_bytes() {
                return Err(Failure::Changed(path));
            }
            let content = written(&path, &change.after).map_err(failure)?;
            let permissions = original.metadata().map_err(failure)?.permissions();
            content.as_file().set_permissions(permissions).map_err(failure)?;
            Ok(Staged { content, path, is_new: false })
        }
        None if fs::symlink_metadata(&path).is_ok() => Err(Failure::Changed(path)),
        None => {
            let content = written(&path, &change.after).map_err(failure)?;
            Ok(Staged { content, path, is_new: true })
        }
    }
}

/// `text` in a file of its own in the folder of `path`.
fn written(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".portcullis-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(path.parent().unwrap_or(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

impl Staged {
    fn put_in_place(self) -> Result<(), Failure> {
        let Self { content, path, is_new } = self;
        let done = if is_new { content.persist_noclobber(&path) } else { content.persist(&path) };
        done.map(drop).map_err(|failed| Failure::Output { path, error: failed.error })
    }
}

#[cfg(test)]
mod tests {
    use policy_core::source::RepoPath;
    use tempfile::TempDir;

    use super::*;

    fn change(path: &str, before: Option<&str>) -> Change {
        let path = RepoPath::new(path).unwrap();
        Change { path, before: before.map(str::to_owned), after: "new\n".to_owned() }
    }

    fn contents(folder: &Path) -> Vec<(String, String)> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let named = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut all: Vec<_> =
            entries.map(|path| (named(&path), fs::read_to_string(&path).unwrap())).collect();
        all.sort();
        all
    }

    #[test]
    fn all_files_are_written_or_none() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("a"), "old\n").unwrap();
        let old = [("a".to_owned(), "old\n".to_owned())];
        // `a` is no folder, and so nothing can be made below it.
        assert!(write(&[change("a", Some("old\n")), change("a/b", None)], folder.path()).is_err());
        assert_eq!(contents(folder.path()), old);
        let failure = write(&[change("b", None), change("a", Some("other\n"))], folder.path()).unwrap_err();
        assert!(matches!(failure, Failure::Changed(_)), "{failure}");
        assert_eq!(contents(folder.path()), old);

        write(&[change("a", Some("old\n")), change("b", None)], folder.path()).unwrap();
        let new = |name: &str| (name.to_owned(), "new\n".to_owned());
        assert_eq!(contents(folder.path()), [new("a"), new("b")]);
        assert!(matches!(write(&[change("b", None)], folder.path()), Err(Failure::Changed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = TempDir::new().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, "old\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a", &link).unwrap();
        write(&[change("b", Some("old\n"))], folder.path()).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
