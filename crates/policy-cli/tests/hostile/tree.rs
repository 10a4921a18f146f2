//! A hostile tree: what it is called, what makes it, and what is expected of a check.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// One tree by name.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) make: fn(&Tree),
    pub(crate) expected: Expected,
}

/// How a check of a tree has to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expected {
    /// With the finding of the project beside it, and exit code 1.
    Checked,
    /// The same; and this is said of the tree, or of what was left out of it.
    Says(&'static str),
    /// With exit code 2, and these words on standard error.
    Refused(&'static str),
}

/// How large trees are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Small,
    Full,
}

/// A tree that is being made.
pub(crate) struct Tree {
    root: PathBuf,
    scale: Scale,
}

impl Hostile {
    /// A tree beside which everything else is found.
    pub(crate) const fn new(name: &'static str, make: fn(&Tree)) -> Self {
        Self { name, make, expected: Expected::Checked }
    }

    /// The same where this has to be said.
    pub(crate) const fn says(name: &'static str, words: &'static str, make: fn(&Tree)) -> Self {
        Self { name, make, expected: Expected::Says(words) }
    }

    /// A tree that is refused with these words.
    pub(crate) const fn refused(name: &'static str, words: &'static str, make: fn(&Tree)) -> Self {
        Self { name, make, expected: Expected::Refused(words) }
    }
}

impl Tree {
    pub(crate) fn new(root: &Path, scale: Scale) -> Self {
        Self { root: root.to_path_buf(), scale }
    }

    /// How many of something there are.
    pub(crate) fn count(&self, small: usize, full: usize) -> usize {
        match self.scale {
            Scale::Small => small,
            Scale::Full => full,
        }
    }

    /// Where `path` lies, in a folder that is there.
    pub(crate) fn place(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    pub(crate) fn file(&self, path: impl AsRef<Path>, contents: impl AsRef<[u8]>) {
        fs::write(self.place(path), contents).unwrap();
    }

    /// A file by a name that need not be Unicode. A system that has no such names has no such tree.
    pub(crate) fn file_by_bytes(&self, path: &[u8], contents: impl AsRef<[u8]>) {
        let path = self.root.join(OsStr::from_bytes(path));
        let _ = fs::create_dir_all(path.parent().unwrap()).and_then(|()| fs::write(path, contents));
    }

    pub(crate) fn folder(&self, path: &str) {
        fs::create_dir_all(self.root.join(path)).unwrap();
    }

    /// A file that says it is long and takes no room.
    pub(crate) fn sparse(&self, path: &str, size: u64) {
        File::create(self.place(path)).unwrap().set_len(size).unwrap();
    }

    /// A link at `path` to `target`, which is as it is written.
    pub(crate) fn link(&self, path: &str, target: impl AsRef<Path>) {
        symlink(target, self.place(path)).unwrap();
    }

    /// A pipe: whoever opens it waits.
    pub(crate) fn pipe(&self, path: &str) {
        assert!(Command::new("mkfifo").arg(self.place(path)).status().unwrap().success());
    }

    pub(crate) fn socket(&self, path: &str) {
        // The name stays when nobody listens any more. Addresses are short, paths need not be.
        let short = tempfile::TempDir::new().unwrap();
        let address = short.path().join("s");
        drop(std::os::unix::net::UnixListener::bind(&address).unwrap());
        fs::rename(address, self.place(path)).unwrap();
    }

    pub(crate) fn mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.root.join(path), Permissions::from_mode(mode)).unwrap();
    }
}
