//! Packages of the same repository, imported by name: workspaces, and dependencies on a folder.

use std::sync::Arc;

use policy_text::source::{FileId, RepoPath};

use super::Project;
use super::manifest::Manifest;

/// Files that make a folder the root of a workspace. `package.json` does so by its `workspaces`.
const WORKSPACE_FILES: [&str; 5] =
    ["pnpm-workspace.yaml", "lerna.json", "rush.json", "nx.json", "turbo.json"];

/// Every package of the tree, without its contents.
#[derive(Debug, Default)]
pub(super) struct PackageFolders(Vec<RepoPath>);

impl Project<'_> {
    /// The package of the repository that code in `from` means by `name`. A package of that name inside the workspace
    /// counts, whether or not one of the workspace's globs lists it.
    pub(super) fn package(&self, name: &str, from: FileId) -> Option<Arc<Manifest>> {
        let own = self.manifest(from);
        if let Some(own) = own.as_ref().filter(|own| own.name() == Some(name)) {
            return Some(Arc::clone(own));
        }
        let version = self.manifests_above(from).find_map(|above| {
            let version = above.version_of(name)?.to_owned();
            Some((above.folder.clone(), version))
        });
        if let Some((folder, version)) = &version
            && let Some(path) =
                ["file:", "link:", "portal:"].iter().find_map(|scheme| version.strip_prefix(scheme))
        {
            return self.manifest_in(&folder.join(path)?);
        }
        let root = self.workspace_root(from)?;
        let scope = |name: &str| name.split_once('/').map(|(scope, _)| scope.to_owned());
        let ours = version.is_some_and(|(_, version)| version.starts_with("workspace:") || version == "*")
            || scope(name)
                .is_some_and(|wanted| own.as_ref().and_then(|own| scope(own.name()?)) == Some(wanted));
        self.packages_in(&root, name, ours)
    }

    /// The package called `name` below `root`. Packages in a folder of a like name are looked at first; the others only
    /// where `thorough`, since most names belong to packages of a registry and reading all to learn that is dear.
    fn packages_in(&self, root: &RepoPath, name: &str, thorough: bool) -> Option<Arc<Manifest>> {
        let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
        let (alike, others): (Vec<&RepoPath>, Vec<&RepoPath>) = self
            .package_folders()
            .iter()
            .filter(|folder| folder.is_within(root))
            .partition(|folder| last.contains(folder.file_name()) || folder.file_name().contains(last));
        let named =
            |folder: &RepoPath| self.manifest_in(folder).filter(|manifest| manifest.name() == Some(name));
        alike
            .into_iter()
            .find_map(named)
            .or_else(|| if thorough { others.into_iter().find_map(named) } else { None })
    }

    fn package_folders(&self) -> &[RepoPath] {
        let PackageFolders(folders) = self.package_folders.get_or_init(|| {
            let manifests = self.sources.files().filter(|(_, path)| path.file_name() == "package.json");
            PackageFolders(manifests.filter_map(|(_, path)| path.parent()).collect())
        });
        folders
    }

    /// The outermost folder above `file` that is a workspace.
    fn workspace_root(&self, file: FileId) -> Option<RepoPath> {
        let is_root = |folder: &RepoPath| {
            let has = |name: &str| folder.join(name).is_some_and(|path| self.sources.find(&path).is_some());
            WORKSPACE_FILES.iter().any(|name| has(name))
                || self.manifest_in(folder).is_some_and(|manifest| manifest.json.get("workspaces").is_some())
        };
        self.sources.path(file).ancestors().skip(1).filter(is_root).last()
    }
}
