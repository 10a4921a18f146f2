//! Files in a build context that hold secrets.

use policy_text::source::RepoPath;

/// A file that must not become part of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The file.
    pub path: RepoPath,
    /// What it holds, for messages: "a private key".
    pub holds: &'static str,
}
