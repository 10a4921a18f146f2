//! The files of a tree around its scripts: which there are, the JSON in them, and every `package.json`.

use std::sync::{Arc, OnceLock};

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath, Sources};

use super::manifest::Manifest;
use super::memo::Memo;

/// The files of a tree that tell about its scripts. Each is read at most once, on first need.
pub(super) struct ConfigFiles<'s> {
    pub(super) sources: &'s Sources<'s>,
    json: Memo<FileId, Option<Arc<Node>>>,
    manifests: Memo<FileId, Option<Arc<Manifest>>>,
    package_folders: OnceLock<Vec<RepoPath>>,
}

impl<'s> ConfigFiles<'s> {
    /// The files of `sources`, none of them read yet.
    pub(super) fn new(sources: &'s Sources<'s>) -> Self {
        Self { sources, json: Memo::default(), manifests: Memo::default(), package_folders: OnceLock::new() }
    }

    /// The JSON in `file`. `None` where it cannot be read.
    pub(super) fn json(&self, file: FileId) -> Option<Arc<Node>> {
        self.json.get(file, || {
            let decoded = self.sources.read(file).ok()?;
            policy_text::json::parse(&decoded.text).ok().map(Arc::new)
        })
    }

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

    /// The folders that hold a `package.json`, in the order of paths.
    pub(super) fn package_folders(&self) -> &[RepoPath] {
        self.package_folders.get_or_init(|| {
            let manifests = self.sources.files().filter(|(_, path)| path.file_name() == "package.json");
            manifests.filter_map(|(_, path)| path.parent()).collect()
        })
    }
}
