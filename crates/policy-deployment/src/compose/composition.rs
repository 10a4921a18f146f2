//! Which compose files go together: those that a command, a variable or another file names, and those that compose finds
//! by itself.

use std::collections::BTreeSet;

use policy_docker::asker::Asker;
use policy_text::purpose;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::Node;

use super::environment;
use super::files::ComposeFiles;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;

/// The names that compose looks for by itself.
pub(crate) const DEFAULT_NAMES: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// The names of the files that compose lays over those.
const OVERRIDE_NAMES: [&str; 4] = [
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yaml",
    "docker-compose.override.yml",
];

/// The variable that names the files of a project.
const FILES_VARIABLE: &str = "COMPOSE_FILE";

/// How deep a workflow is looked into.
const MAX_DEPTH: usize = 8;

/// Compose files of which each is laid over those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Composition {
    /// The files that are named. None: those that compose finds from `folder` upwards.
    pub(crate) files: Vec<RepoPath>,
    /// The folder that it is used in.
    pub(crate) folder: RepoPath,
    /// The folder that paths count from, where that is said; else it is the first file's.
    pub(crate) project_directory: Option<RepoPath>,
    /// Whether another file includes it, so that the variables of `folder` hold in it.
    pub(crate) included: bool,
    /// Who builds its services.
    pub(crate) builder: Option<Builder>,
}

/// Who builds the services of a composition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Builder {
    /// Who it is.
    pub(crate) name: Asker,
    /// The services that it builds; none are all of them.
    pub(crate) services: Vec<String>,
}

impl Composition {
    /// Files that are named in `folder`.
    fn of_files(files: Vec<RepoPath>, folder: RepoPath) -> Self {
        Self { files, folder, project_directory: None, included: false, builder: None }
    }

    /// The files that it names, or those that compose finds, where all of them are there.
    pub(crate) fn paths(&self, sources: &Sources<'_>) -> Option<Vec<RepoPath>> {
        if self.files.is_empty() {
            return found_from(&self.folder, sources);
        }
        self.files.iter().all(|path| sources.find(path).is_some()).then(|| self.files.clone())
    }

    /// The files, each a compose file of the repository. `None` where one is not.
    fn found(mut self, files: &ComposeFiles<'_>, sources: &Sources<'_>) -> Option<Self> {
        self.files = self.paths(sources)?;
        self.files.iter().all(|path| files.get(path).is_some()).then_some(self)
    }

    /// Whether it is there for development or tests.
    pub(super) fn is_for_development(&self) -> bool {
        self.files.iter().any(purpose::is_for_development)
    }
}

/// All compositions of the repository: what its files say of them, and each other compose file by itself. Those that
/// something builds come first.
pub(super) fn all(
    named: &[Composition],
    files: &ComposeFiles<'_>,
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> Vec<Composition> {
    let folders: BTreeSet<RepoPath> = files.paths().filter_map(RepoPath::parent).collect();
    let found = folders.into_iter().filter_map(|folder| {
        let found = found_in(&folder, sources).filter(|found| found.len() > 1)?;
        Some(Composition::of_files(found, folder))
    });
    let said = named.iter().cloned().chain(found).chain(from_workflows(parsed)).chain(included(files));
    let mut all: Vec<Composition> =
        said.filter_map(|composition| composition.found(files, sources)).collect();
    let alone: Vec<Composition> = files
        .paths()
        .filter(|path| !all.iter().any(|composition| stands_for(composition, path)))
        .filter_map(|path| Some(Composition::of_files(vec![path.clone()], path.parent()?)))
        .collect();
    all.extend(alone);
    all.sort_by_key(|composition| composition.builder.is_none());
    all
}

/// Whether the file at `path` is used as in `composition` and not by itself. A file that compose finds is used by itself as
/// well where the others are for development.
fn stands_for(composition: &Composition, path: &RepoPath) -> bool {
    let is_found = DEFAULT_NAMES.contains(&path.file_name());
    composition.files.contains(path) && !(is_found && composition.is_for_development())
}

/// What compose finds when it is started in `folder`: what the nearest folder from there upwards has.
fn found_from(folder: &RepoPath, sources: &Sources<'_>) -> Option<Vec<RepoPath>> {
    folder.ancestors().find_map(|folder| found_in(&folder, sources))
}

/// The files that the `.env` of `folder` names, or its default file with what is laid over that.
fn found_in(folder: &RepoPath, sources: &Sources<'_>) -> Option<Vec<RepoPath>> {
    let environment = environment::of_folder(folder, sources);
    if let Some(list) = environment.get(FILES_VARIABLE).and_then(Text::known) {
        return listed(&list, folder);
    }
    let first = |names: [&str; 4]| {
        names.iter().filter_map(|name| folder.join(name)).find(|path| sources.find(path).is_some())
    };
    Some([first(DEFAULT_NAMES)?].into_iter().chain(first(OVERRIDE_NAMES)).collect())
}

/// The files in a list that is parted by colons.
fn listed(list: &str, folder: &RepoPath) -> Option<Vec<RepoPath>> {
    list.split([':', ';']).map(|path| folder.join(path.trim())).collect()
}

/// The files that workflows name in a variable; they count from the checkout.
fn from_workflows(parsed: &Parsed) -> Vec<Composition> {
    let workflows = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Workflow);
    let mut lists = Vec::new();
    for root in workflows.filter_map(|(_, file)| file.yaml.root()) {
        find_lists(root, &mut lists, 0);
    }
    let root = RepoPath::root();
    let named =
        lists.into_iter().filter_map(|list| Some(Composition::of_files(listed(list, &root)?, root.clone())));
    named.collect()
}

fn find_lists<'y>(node: Node<'y>, lists: &mut Vec<&'y str>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for (key, value) in node.entries() {
        match value.as_str() {
            Some(list) if key.as_str() == Some(FILES_VARIABLE) => lists.push(list),
            _ => find_lists(value, lists, depth + 1),
        }
    }
    node.items().for_each(|item| find_lists(item, lists, depth + 1));
}

/// The files that compose files include.
fn included(files: &ComposeFiles<'_>) -> Vec<Composition> {
    let mut found = Vec::new();
    for (path, yaml) in files.all() {
        let Some(folder) = path.parent() else { continue };
        for item in yaml.root().and_then(|root| root.get("include")).into_iter().flat_map(Node::items) {
            let paths = item.get("path").unwrap_or(item);
            let paths: Option<Vec<RepoPath>> = match paths.as_str() {
                Some(path) => folder.join(path).map(|path| vec![path]),
                None => paths.items().map(|path| folder.join(path.as_str()?)).collect(),
            };
            let Some(paths) = paths.filter(|paths| !paths.is_empty()) else { continue };
            let directory = item.get("project_directory").and_then(Node::as_str);
            found.push(Composition {
                project_directory: directory.and_then(|directory| folder.join(directory)),
                included: true,
                ..Composition::of_files(paths, folder.clone())
            });
        }
    }
    found
}
