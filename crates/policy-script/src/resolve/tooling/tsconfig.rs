//! `tsconfig.json` and `jsconfig.json`: which files the names in `paths` and below `baseUrl` stand for.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath};

use super::config_files::ConfigFiles;
use super::memo::Memo;
use super::{entries, paths, pattern, workspace};

/// How long a chain of `extends` may be; real ones have three or four links, and a cycle ends here.
const MAX_EXTENDS: usize = 12;

/// What one configuration says about names, with all that it extends.
#[derive(Debug, Default)]
struct Names {
    base_url: Option<RepoPath>,
    /// Where targets of `paths` begin without a `baseUrl`: the folder of the file that has them.
    paths_folder: Option<RepoPath>,
    paths: Vec<(String, Vec<String>)>,
}

/// The names of all configurations, each read at most once.
#[derive(Default)]
pub(super) struct TsConfigs {
    names: Memo<FileId, Arc<Names>>,
}

impl TsConfigs {
    /// The file that `specifier` names in `from` by the nearest configuration, by those that it refers to, or by one
    /// further up.
    pub(super) fn file(&self, files: &ConfigFiles<'_>, specifier: &str, from: FileId) -> Option<FileId> {
        files.sources.path(from).ancestors().skip(1).find_map(|folder| {
            let config = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"]
                .iter()
                .find_map(|name| files.sources.find(&folder.join(name)?))?;
            let referenced =
                files.json(config).map(|json| references(files, &json, &folder)).unwrap_or_default();
            std::iter::once(config)
                .chain(referenced)
                .find_map(|config| self.names(files, config).find(files, specifier))
        })
    }

    fn names(&self, files: &ConfigFiles<'_>, config: FileId) -> Arc<Names> {
        self.names.get(config, || {
            let mut names = Names::default();
            let folder = files.sources.folder_of(config);
            collect_names(files, config, &folder, MAX_EXTENDS, &mut names, &mut BTreeSet::new());
            Arc::new(names)
        })
    }
}

/// The configurations that `references` of one name: solutions keep their `paths` there.
fn references(files: &ConfigFiles<'_>, json: &Node, folder: &RepoPath) -> Vec<FileId> {
    let entries = json.get("references").map(Node::elements).unwrap_or_default();
    entries.iter().filter_map(|entry| config_at(files, &folder.join(entry.get("path")?.as_str()?)?)).collect()
}

fn config_at(files: &ConfigFiles<'_>, path: &RepoPath) -> Option<FileId> {
    let named = |suffix: &str| files.sources.find(&RepoPath::new(&format!("{path}{suffix}"))?);
    named("").or_else(|| named(".json")).or_else(|| named("/tsconfig.json"))
}

/// Takes from `config`, then from what it extends, all that `names` does not have yet.
fn collect_names(
    files: &ConfigFiles<'_>,
    config: FileId,
    outermost: &RepoPath,
    links: usize,
    names: &mut Names,
    taken: &mut BTreeSet<FileId>,
) {
    // What was taken once has nothing more to give.
    if !taken.insert(config) {
        return;
    }
    let Some(json) = files.json(config) else { return };
    let folder = files.sources.folder_of(config);
    let place = |path: &str| match path.strip_prefix("${configDir}") {
        Some(below) => outermost.join(below.trim_start_matches('/')),
        None => folder.join(path),
    };
    let option = |name: &str| json.at(&["compilerOptions", name]);
    if names.base_url.is_none() {
        names.base_url = option("baseUrl").and_then(Node::as_str).and_then(place);
    }
    if names.paths_folder.is_none()
        && let Some(paths) = option("paths")
    {
        names.paths_folder = Some(folder.clone());
        names.paths = paths
            .members()
            .iter()
            .map(|member| {
                let targets = member.value.elements().iter().filter_map(Node::as_str);
                let rooted = |target: &str| match target.strip_prefix("${configDir}") {
                    Some(below) => format!("/{outermost}{below}"),
                    None => target.to_owned(),
                };
                (member.name.clone(), targets.map(rooted).collect())
            })
            .collect();
    }
    if links == 0 {
        return;
    }
    let bases = match json.get("extends") {
        Some(base) if base.as_str().is_some() => std::slice::from_ref(base),
        Some(bases) => bases.elements(),
        None => &[],
    };
    // Of several bases the last one wins.
    for base in bases.iter().rev().filter_map(Node::as_str) {
        if let Some(base) = extended(files, base, config, &folder) {
            collect_names(files, base, outermost, links - 1, names, taken);
        }
    }
}

/// The configuration that `extends` of `config` names: a path, or a file of a package in the repository.
fn extended(files: &ConfigFiles<'_>, base: &str, config: FileId, folder: &RepoPath) -> Option<FileId> {
    if paths::is_relative(base) {
        return config_at(files, &folder.join(base)?);
    }
    let (name, subpath) = paths::package_name(base);
    let package = workspace::package(files, name, config)?;
    let subpath = if subpath.is_empty() { "tsconfig.json" } else { subpath };
    config_at(files, &package.folder.join(subpath)?)
}

impl Names {
    fn find(&self, files: &ConfigFiles<'_>, specifier: &str) -> Option<FileId> {
        let table = self.paths.iter().map(|(name, targets)| (name.as_str(), targets));
        let by_paths = pattern::best(table, specifier).and_then(|(targets, star)| {
            targets.iter().find_map(|target| {
                let target = target.replace('*', star);
                let path = match target.strip_prefix('/') {
                    Some(rooted) => RepoPath::new(rooted)?,
                    None => self.base_url.as_ref().or(self.paths_folder.as_ref())?.join(&target)?,
                };
                entries::module_at(files, &path)
            })
        });
        by_paths.or_else(|| entries::module_at(files, &self.base_url.as_ref()?.join(specifier)?))
    }
}
