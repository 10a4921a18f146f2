//! `tsconfig.json` and `jsconfig.json`: which files the names in `paths` and below `baseUrl` stand for.

use std::sync::Arc;

use policy_text::json::Node;
use policy_text::source::{FileId, RepoPath};

use super::{Project, paths, pattern};

/// How long a chain of `extends` may be; real ones have three or four links, and a cycle ends here.
const MAX_EXTENDS: usize = 12;

/// What one configuration says about names, with all that it extends.
#[derive(Debug, Default)]
pub(super) struct Names {
    base_url: Option<RepoPath>,
    /// Where targets of `paths` begin without a `baseUrl`: the folder of the file that has them.
    paths_folder: Option<RepoPath>,
    paths: Vec<(String, Vec<String>)>,
}

impl Project<'_> {
    /// The file that `specifier` names in `from` by the nearest configuration, by those that it refers to, or by one
    /// further up.
    pub(super) fn by_tsconfig(&self, specifier: &str, from: FileId) -> Option<FileId> {
        self.sources.path(from).ancestors().skip(1).find_map(|folder| {
            let config = ["tsconfig.json", "jsconfig.json", "tsconfig.base.json"]
                .iter()
                .find_map(|name| self.sources.find(&folder.join(name)?))?;
            let referenced =
                self.json(config).map(|json| self.references(&json, &folder)).unwrap_or_default();
            std::iter::once(config)
                .chain(referenced)
                .find_map(|config| self.names(config).find(self, specifier))
        })
    }

    /// The configurations that `references` of one name: solutions keep their `paths` there.
    fn references(&self, json: &Node, folder: &RepoPath) -> Vec<FileId> {
        let entries = json.get("references").map(Node::elements).unwrap_or_default();
        entries
            .iter()
            .filter_map(|entry| self.config_at(&folder.join(entry.get("path")?.as_str()?)?))
            .collect()
    }

    fn config_at(&self, path: &RepoPath) -> Option<FileId> {
        let named = |suffix: &str| self.sources.find(&RepoPath::new(&format!("{path}{suffix}"))?);
        named("").or_else(|| named(".json")).or_else(|| named("/tsconfig.json"))
    }

    fn names(&self, config: FileId) -> Arc<Names> {
        self.names.get(config, || {
            let mut names = Names::default();
            let folder = self.sources.folder_of(config);
            self.collect_names(config, &folder, MAX_EXTENDS, &mut names);
            Arc::new(names)
        })
    }

    /// Takes from `config`, then from what it extends, all that `names` does not have yet.
    fn collect_names(&self, config: FileId, outermost: &RepoPath, links: usize, names: &mut Names) {
        let (Some(json), Some(folder)) = (self.json(config), self.sources.path(config).parent()) else {
            return;
        };
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
            if let Some(base) = self.extended(base, config, &folder) {
                self.collect_names(base, outermost, links - 1, names);
            }
        }
    }

    /// The configuration that `extends` of `config` names: a path, or a file of a package in the repository.
    fn extended(&self, base: &str, config: FileId, folder: &RepoPath) -> Option<FileId> {
        if paths::is_relative(base) {
            return self.config_at(&folder.join(base)?);
        }
        let (name, subpath) = paths::package_name(base);
        let package = self.package(name, config)?;
        let subpath = if subpath.is_empty() { "tsconfig.json" } else { subpath };
        self.config_at(&package.folder.join(subpath)?)
    }
}

impl Names {
    fn find(&self, project: &Project<'_>, specifier: &str) -> Option<FileId> {
        let table = self.paths.iter().map(|(name, targets)| (name.as_str(), targets));
        let by_paths = pattern::best(table, specifier).and_then(|(targets, star)| {
            targets.iter().find_map(|target| {
                let target = target.replace('*', star);
                let path = match target.strip_prefix('/') {
                    Some(rooted) => RepoPath::new(rooted)?,
                    None => self.base_url.as_ref().or(self.paths_folder.as_ref())?.join(&target)?,
                };
                project.folder_or_file(&path)
            })
        });
        by_paths.or_else(|| project.folder_or_file(&self.base_url.as_ref()?.join(specifier)?))
    }
}
