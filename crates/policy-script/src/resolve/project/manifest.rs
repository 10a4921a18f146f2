//! `package.json`: what a package is called, depends on and offers.

use std::sync::Arc;

use policy_text::json::Node;
use policy_text::source::RepoPath;

/// One `package.json`.
#[derive(Debug)]
pub(super) struct Manifest {
    pub(super) folder: RepoPath,
    pub(super) json: Arc<Node>,
}

const DEPENDENCIES: [&str; 4] =
    ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

impl Manifest {
    pub(super) fn name(&self) -> Option<&str> {
        self.json.get("name")?.as_str()
    }

    /// The version that the package asks of `dependency`, in whichever section it does.
    pub(super) fn version_of(&self, dependency: &str) -> Option<&str> {
        DEPENDENCIES.iter().find_map(|section| self.json.get(section)?.get(dependency)?.as_str())
    }
}
