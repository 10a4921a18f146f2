//! Paths inside the repository, the same on every platform.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A path below the root of the check: `/`-separated, relative, with no `.`, `..` or empty component.
/// The root itself is the empty path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

/// The root of the check.
impl Default for RepoPath {
    fn default() -> Self {
        Self::root()
    }
}

impl RepoPath {
    /// The root of the check.
    pub fn root() -> Self {
        Self(Arc::from(""))
    }

    /// Reads `path` as relative to the root and cleans it. `None` where it leaves the root or is absolute.
    pub fn new(path: &str) -> Option<Self> {
        Self::root().join(path)
    }

    /// This folder's `path`, cleaned lexically. `None` where it leaves the root or is absolute.
    pub fn join(&self, path: &str) -> Option<Self> {
        if path.starts_with('/') {
            return None;
        }
        let mut parts: Vec<&str> = self.components().collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                name => parts.push(name),
            }
        }
        Some(Self(Arc::from(parts.join("/"))))
    }

    /// The folder that holds this path. `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(Self(Arc::from(self.0.rsplit_once('/').map_or("", |(folder, _)| folder))))
    }

    /// This folder and all folders above it, the nearest first and the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(Some(self.clone()), Self::parent)
    }

    /// The last component; empty for the root.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// What follows the last dot of the file name. `None` without a dot, or where the name only begins with one.
    pub fn extension(&self) -> Option<&str> {
        match self.file_name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => Some(extension),
            _ => None,
        }
    }

    /// The components from the root down.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// What is left of this path below `folder`; empty where they are equal. `None` where it lies elsewhere.
    pub fn strip_prefix(&self, folder: &RepoPath) -> Option<&str> {
        if folder.is_root() {
            return Some(&self.0);
        }
        match self.0.strip_prefix(&*folder.0)? {
            "" => Some(""),
            rest => rest.strip_prefix('/'),
        }
    }

    /// Whether this path is `folder` or lies below it.
    pub fn is_within(&self, folder: &RepoPath) -> bool {
        self.strip_prefix(folder).is_some()
    }

    /// Whether this is the root of the check.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The path as text; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for RepoPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A path as configuration writes it.
impl<'de> Deserialize<'de> for RepoPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = String::deserialize(deserializer)?;
        let refused =
            || de::Error::custom(format!("`{written}` is absolute or leaves the root of the check"));
        Self::new(&written).ok_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    #[test]
    fn joining_cleans_and_never_leaves_the_root() {
        assert_eq!(path("a/./b//c").as_str(), "a/b/c");
        assert_eq!(path("a/b").join("../c").unwrap().as_str(), "a/c");
        assert_eq!(path("a").join(".."), Some(RepoPath::root()));
        assert_eq!(path("a").join("../.."), None);
        assert_eq!(RepoPath::new("/etc/passwd"), None);
    }

    #[test]
    fn a_folder_holds_only_what_lies_below_it() {
        assert!(path("app/src/x.ts").is_within(&path("app")));
        assert!(path("app").is_within(&path("app")));
        assert!(path("app").is_within(&RepoPath::root()));
        assert!(!path("application/x.ts").is_within(&path("app")));
    }

    #[test]
    fn a_dot_file_has_no_extension() {
        assert_eq!(path("web/.env").extension(), None);
        assert_eq!(path("web/.env.production").extension(), Some("production"));
    }
}
