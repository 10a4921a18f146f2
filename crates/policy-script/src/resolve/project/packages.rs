//! Packages of the same repository, imported by name: workspaces, and dependencies on a folder.

use std::sync::Arc;

use policy_text::source::{FileId, RepoPath};

use super::config_files::ConfigFiles;
use super::manifest::Manifest;

/// Files that make a folder the root of a workspace. `package.json` does so by its `workspaces`.
const WORKSPACE_FILES: [&str; 5] =
    ["pnpm-workspace.yaml", "lerna.json", "rush.json", "nx.json", "turbo.json"];

/// The package of the repository that code in `from` means by `name`. A package of that name inside the workspace
/// counts, whether or not one of the workspace's globs lists it.
pub(super) fn package(files: &ConfigFiles<'_>, name: &str, from: FileId) -> Option<Arc<Manifest>> {
    let own = files.manifest(from);
    if let Some(own) = own.as_ref().filter(|own| own.name() == Some(name)) {
        return Some(Arc::clone(own));
    }
    let version = files.manifests_above(from).find_map(|above| {
        let version = above.version_of(name)?.to_owned();
        Some((above.folder.clone(), version))
    });
    if let Some((folder, version)) = &version
        && let Some(path) =
            ["file:", "link:", "portal:"].iter().find_map(|scheme| version.strip_prefix(scheme))
    {
        return files.manifest_in(&folder.join(path)?);
    }
    let root = workspace_root(files, from)?;
    let scope = |name: &str| name.split_once('/').map(|(scope, _)| scope.to_owned());
    let ours = version.is_some_and(|(_, version)| version.starts_with("workspace:") || version == "*")
        || scope(name).is_some_and(|wanted| own.as_ref().and_then(|own| scope(own.name()?)) == Some(wanted));
    package_below(files, &root, name, ours)
}

/// The package called `name` below `root`. Packages in a folder of a like name are looked at first; the others only
/// where `thorough`, since most names belong to packages of a registry and reading all to learn that is dear.
fn package_below(
    files: &ConfigFiles<'_>,
    root: &RepoPath,
    name: &str,
    thorough: bool,
) -> Option<Arc<Manifest>> {
    let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
    let (alike, others): (Vec<&RepoPath>, Vec<&RepoPath>) = files
        .package_folders()
        .iter()
        .filter(|folder| folder.is_within(root))
        .partition(|folder| last.contains(folder.file_name()) || folder.file_name().contains(last));
    let named =
        |folder: &RepoPath| files.manifest_in(folder).filter(|manifest| manifest.name() == Some(name));
    alike
        .into_iter()
        .find_map(named)
        .or_else(|| if thorough { others.into_iter().find_map(named) } else { None })
}

/// The outermost folder above `file` that is a workspace.
fn workspace_root(files: &ConfigFiles<'_>, file: FileId) -> Option<RepoPath> {
    let is_root = |folder: &RepoPath| {
        let has = |name: &str| folder.join(name).is_some_and(|path| files.sources.find(&path).is_some());
        WORKSPACE_FILES.iter().any(|name| has(name))
            || files.manifest_in(folder).is_some_and(|manifest| manifest.json.get("workspaces").is_some())
    };
    files.sources.path(file).ancestors().skip(1).filter(is_root).last()
}
