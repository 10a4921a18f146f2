//! `package.json`: what a package is called, depends on and offers.

use std::sync::Arc;

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath};

use super::Project;

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

impl Project<'_> {
    /// The `package.json` that `file` belongs to: the nearest upwards.
    pub(super) fn manifest(&self, file: FileId) -> Option<Arc<Manifest>> {
        self.manifests_above(file).next()
    }

    /// The `package.json` files upwards of `file`, the nearest first.
    pub(super) fn manifests_above(&self, file: FileId) -> impl Iterator<Item = Arc<Manifest>> + use<'_> {
        self.sources.path(file).ancestors().skip(1).filter_map(|folder| self.manifest_in(&folder))
    }

    /// The `package.json` of `folder`.
    pub(super) fn manifest_in(&self, folder: &RepoPath) -> Option<Arc<Manifest>> {
        let file = self.sources.find(&folder.join("package.json")?)?;
        self.manifests.get(file, || {
            let json = self.json(file)?;
            Some(Arc::new(Manifest { folder: folder.clone(), json }))
        })
    }

    /// The JSON in `file`. `None` where it cannot be read.
    pub(super) fn json(&self, file: FileId) -> Option<Arc<Node>> {
        self.json.get(file, || {
            let decoded = self.sources.read(file).ok()?;
            policy_text::json::parse(&decoded.text).ok().map(Arc::new)
        })
    }
}
