//! Which modules are root modules, and in which environments each is applied.

use std::collections::{BTreeMap, BTreeSet};

use super::expansion::local_folder;
use super::module::{Module, Modules, ValuesFile};
use crate::parse::terraform::syntax::Expr;
use crate::source::{FileId, RepoPath, Sources};

/// The most environments of one root module that are evaluated.
const MAX_ENVIRONMENTS: usize = 24;

/// A root module in one environment.
pub(super) struct RootPlan<'p> {
    pub(super) module: &'p Module<'p>,
    pub(super) environment: Option<FileId>,
    /// The values of variables.
    pub(super) values: BTreeMap<&'p str, &'p Expr>,
}

/// Every root module in every environment, in the order of folders, then of files.
pub(super) fn plans<'p>(modules: &'p Modules<'p>, sources: &Sources<'_>) -> Vec<RootPlan<'p>> {
    let called: BTreeSet<RepoPath> = modules.by_folder.values().flat_map(called_folders).collect();
    let roots: Vec<&'p Module<'p>> = modules
        .by_folder
        .values()
        .filter(|module| !module.folder.components().any(|part| part == ".terraform"))
        .filter(|module| {
            module.has_backend || !called.contains(&module.folder) || has_values(modules, sources, module)
        })
        .collect();
    let environments = environments(modules, sources, &roots);
    let mut plans = Vec::new();
    for module in roots {
        let automatic = automatic_values(modules, sources, module);
        let files = environments.get(&module.folder).map(Vec::as_slice).unwrap_or_default();
        if files.is_empty() {
            plans.push(RootPlan { module, environment: None, values: automatic });
            continue;
        }
        for file in files.iter().take(MAX_ENVIRONMENTS) {
            let mut values = automatic.clone();
            values.extend(values_of(file));
            plans.push(RootPlan { module, environment: Some(file.file), values });
        }
    }
    plans
}

/// The folders of the local modules that a module calls.
pub(super) fn called_folders(module: &Module<'_>) -> Vec<RepoPath> {
    let sources = module.calls.values().filter_map(|call| call.body.attribute("source")?.value.as_literal());
    sources.filter_map(|source| local_folder(&module.folder, source)).collect()
}

fn values_of<'p>(file: &ValuesFile<'p>) -> impl Iterator<Item = (&'p str, &'p Expr)> + use<'p> {
    file.body.attributes.iter().map(|attribute| (&*attribute.name, &attribute.value))
}

/// Whether Terraform reads a file of values by itself when it lies in the root module.
fn is_automatic(name: &str) -> bool {
    name == "terraform.tfvars"
        || name == "terraform.tfvars.json"
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}

fn has_values(modules: &Modules<'_>, sources: &Sources<'_>, module: &Module<'_>) -> bool {
    modules.values.iter().any(|file| sources.path(file.file).parent().as_ref() == Some(&module.folder))
}

/// The values that Terraform loads by itself, in its order: `terraform.tfvars`, its JSON form, then the rest by name.
fn automatic_values<'p>(
    modules: &'p Modules<'p>,
    sources: &Sources<'_>,
    module: &Module<'_>,
) -> BTreeMap<&'p str, &'p Expr> {
    let mut files: Vec<(usize, &RepoPath, &ValuesFile<'p>)> = modules
        .values
        .iter()
        .map(|file| (sources.path(file.file), file))
        .filter(|(path, _)| path.parent().as_ref() == Some(&module.folder) && is_automatic(path.file_name()))
        .map(|(path, file)| match path.file_name() {
            "terraform.tfvars" => (0, path, file),
            "terraform.tfvars.json" => (1, path, file),
            _ => (2, path, file),
        })
        .collect();
    files.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    files.into_iter().flat_map(|(_, _, file)| values_of(file)).collect()
}

/// The files of values that have to be named on the command line, by the root modules that they fit: a file fits where
/// every name in it is a variable of the module. Of several modules the nearest counts: one at or above the file's folder,
/// else the one that shares the most of its path.
fn environments<'p>(
    modules: &'p Modules<'p>,
    sources: &Sources<'_>,
    roots: &[&'p Module<'p>],
) -> BTreeMap<RepoPath, Vec<&'p ValuesFile<'p>>> {
    let mut fitting: BTreeMap<RepoPath, Vec<&'p ValuesFile<'p>>> = BTreeMap::new();
    for file in &modules.values {
        let path = sources.path(file.file);
        let folder = path.parent().unwrap_or_else(RepoPath::root);
        let loaded = is_automatic(path.file_name()) && modules.by_folder.contains_key(&folder);
        if loaded || file.body.attributes.is_empty() {
            continue;
        }
        let fits = |module: &&&Module<'_>| {
            file.body.attributes.iter().all(|attribute| module.variables.contains_key(&*attribute.name))
        };
        let nearness = |module: &Module<'_>| {
            let shared =
                folder.components().zip(module.folder.components()).take_while(|(a, b)| a == b).count();
            (folder.is_within(&module.folder), shared)
        };
        let candidates: Vec<&&Module<'_>> = roots.iter().filter(fits).collect();
        let nearest = candidates.iter().map(|module| nearness(module)).max();
        for module in candidates {
            if Some(nearness(module)) == nearest {
                fitting.entry(module.folder.clone()).or_default().push(file);
            }
        }
    }
    fitting
}
