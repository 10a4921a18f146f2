//! `--fix` and `--diff`: what the findings offer, written to the files or shown.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use policy_core::finding::Applicability;
use policy_core::report::{Change, Report, changes};
use policy_core::source::MAX_FILE_SIZE;
use policy_disk::read_regular;
use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::exit::Failure;
use crate::here::Here;
use policy_core::harmless::harmless;

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

/// Says on standard error which files were written.
pub(crate) fn tell(changes: &[Change], here: &Here) {
    for change in changes {
        let path = here.shown(&change.path);
        let verb = if change.before.is_some() { "changed" } else { "created" };
        // Where nobody listens, the files tell.
        let _ = writeln!(io::stderr(), "portcullis: {verb} `{}`", harmless(&path));
    }
}

/// The turn to fix files below one root: other runs wait until it is dropped.
pub(crate) struct Turn<'r> {
    root: &'r Path,
    _folder: Option<File>,
}

impl<'r> Turn<'r> {
    /// Waits for other runs that fix files below `root`. Where folders cannot be locked it does not wait; each file is
    /// written whole there too.
    pub(crate) fn wait(root: &'r Path) -> Self {
        let folder = File::open(root).ok();
        Self { root, _folder: folder.filter(|folder| folder.lock().is_ok()) }
    }

    /// Writes the changes. Where a file is no longer what was checked, or cannot be written, none is.
    pub(crate) fn write(&self, changes: &[Change]) -> Result<(), Failure> {
        write(changes, self.root)
    }
}

fn write(changes: &[Change], root: &Path) -> Result<(), Failure> {
    let staged = changes.iter().map(|change| stage(change, root)).collect::<Result<Vec<_>, _>>()?;
    // What is left to do is to give names in folders where a file could just be made.
    let mut undone = Vec::new();
    for staged in staged {
        match staged.put_in_place() {
            Ok(undo) => undone.push(undo),
            Err(failure) => {
                undone.into_iter().rev().for_each(Undo::undo);
                return Err(failure);
            }
        }
    }
    Ok(())
}

/// A new content, complete on disk beside the file that it is for. Dropped, it is gone.
struct Staged {
    content: NamedTempFile,
    path: PathBuf,
    /// The content that it takes the place of, complete on disk too. `None` for a file that is new.
    before: Option<NamedTempFile>,
}

/// How to take back what was put in place.
struct Undo {
    path: PathBuf,
    before: Option<NamedTempFile>,
}

fn stage(change: &Change, root: &Path) -> Result<Staged, Failure> {
    let path = root.join(change.path.as_str());
    let failure = |error| Failure::Output { path: path.clone(), error };
    match &change.before {
        Some(before) => {
            // A link stays one: what it leads to is changed.
            let path = inside(&path, root)?;
            if read_regular(&path, MAX_FILE_SIZE).map_err(failure)? != before.as_bytes() {
                return Err(Failure::Changed(path));
            }
            let original = OpenOptions::new().read(true).write(true).open(&path).map_err(failure)?;
            let content = written(&path, &change.after).map_err(failure)?;
            let permissions = original.metadata().map_err(failure)?.permissions();
            let before = written(&path, before).map_err(failure)?;
            for file in [&content, &before] {
                file.as_file().set_permissions(permissions.clone()).map_err(failure)?;
            }
            Ok(Staged { content, path, before: Some(before) })
        }
        None if fs::symlink_metadata(&path).is_ok() => Err(Failure::Changed(path)),
        None => {
            inside(path.parent().unwrap_or(root), root)?;
            let content = written(&path, &change.after).map_err(failure)?;
            Ok(Staged { content, path, before: None })
        }
    }
}

/// Where `path` leads, which must not be out of `root`.
fn inside(path: &Path, root: &Path) -> Result<PathBuf, Failure> {
    let failure = |error| Failure::Output { path: path.to_path_buf(), error };
    let real = fs::canonicalize(path).map_err(failure)?;
    if real.starts_with(root) {
        Ok(real)
    } else {
        Err(Failure::Outside { path: real, root: root.to_path_buf() })
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
    fn put_in_place(self) -> Result<Undo, Failure> {
        let Self { content, path, before } = self;
        let done = if before.is_some() { content.persist(&path) } else { content.persist_noclobber(&path) };
        match done {
            Ok(_) => Ok(Undo { path, before }),
            Err(failed) => Err(Failure::Output { path, error: failed.error }),
        }
    }
}

impl Undo {
    fn undo(self) {
        // A file that cannot be put back is whole, and the failure that led here is said.
        let _ = match self.before {
            Some(before) => before.persist(&self.path).map(drop).map_err(|failed| failed.error),
            None => fs::remove_file(&self.path),
        };
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

    /// A folder, and its path without links as a check has it.
    fn root() -> (TempDir, PathBuf) {
        let folder = TempDir::new().unwrap();
        let path = fs::canonicalize(folder.path()).unwrap();
        (folder, path)
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
        let (_folder, root) = root();
        fs::write(root.join("a"), "old\n").unwrap();
        let old = [("a".to_owned(), "old\n".to_owned())];
        // `a` is no folder, and so nothing can be made below it.
        assert!(write(&[change("a", Some("old\n")), change("a/b", None)], &root).is_err());
        assert_eq!(contents(&root), old);
        let failure = write(&[change("b", None), change("a", Some("other\n"))], &root).unwrap_err();
        assert!(matches!(failure, Failure::Changed(_)), "{failure}");
        assert_eq!(contents(&root), old);

        write(&[change("a", Some("old\n")), change("b", None)], &root).unwrap();
        let new = |name: &str| (name.to_owned(), "new\n".to_owned());
        assert_eq!(contents(&root), [new("a"), new("b")]);
        assert!(matches!(write(&[change("b", None)], &root), Err(Failure::Changed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (_folder, root) = root();
        let (file, link) = (root.join("a"), root.join("b"));
        fs::write(&file, "old\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("a", &link).unwrap();
        write(&[change("b", Some("old\n"))], &root).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn what_was_put_in_place_is_taken_back_where_the_next_cannot_be() {
        let (_folder, root) = root();
        fs::write(root.join("a"), "old\n").unwrap();
        // The path is free when it is staged for the first, and taken when it is put in place for the second.
        let twice = [change("a", Some("old\n")), change("b", None), change("b", None)];
        assert!(write(&twice, &root).is_err());
        assert_eq!(contents(&root), [("a".to_owned(), "old\n".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_out_of_the_root() {
        use std::os::unix::fs::symlink;
        let (_folder, root) = root();
        let (_elsewhere, away) = self::root();
        fs::write(away.join("a"), "old\n").unwrap();
        symlink(away.join("a"), root.join("a")).unwrap();
        symlink(&away, root.join("folder")).unwrap();
        for change in [change("a", Some("old\n")), change("folder/b", None)] {
            assert!(matches!(write(&[change], &root), Err(Failure::Outside { .. })));
        }
        assert_eq!(contents(&away), [("a".to_owned(), "old\n".to_owned())]);
    }

    #[cfg(unix)]
    #[test]
    fn two_runs_at_once_write_once_and_whole() {
        let (_folder, root) = root();
        fs::write(root.join("a"), "old\n").unwrap();
        let run = || {
            let turn = Turn::wait(&root);
            write(&[change("a", Some("old\n")), change("b", None)], turn.root).is_ok()
        };
        let done = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
            runs.into_iter().map(|run| run.join().unwrap()).filter(|&done| done).count()
        });
        assert_eq!(done, 1);
        let new = |name: &str| (name.to_owned(), "new\n".to_owned());
        assert_eq!(contents(&root), [new("a"), new("b")]);
    }
}
