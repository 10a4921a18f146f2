//! Which modules are root modules, and in which environments each is applied.

use std::collections::{BTreeMap, BTreeSet};

use policy_text::Unresolved;
use policy_text::source::{FileId, RepoPath, Sources, Span};

use super::module::{Module, Modules, ValuesFile};
use crate::TerraformOptions;
use crate::parse::syntax::Expr;

/// The most environments of one root module that are evaluated.
const MAX_ENVIRONMENTS: usize = 24;

/// How many folders a file of values may lie below the folder that holds its root module: `envs/prod/app.tfvars`.
const MAX_DISTANCE: usize = 2;

/// A root module in one environment.
pub(super) struct RootPlan<'p> {
    pub(super) module: &'p Module<'p>,
    pub(super) environment: Option<FileId>,
    /// Whether nothing says that the module is applied as it is.
    pub(super) is_library: bool,
    /// The values of variables.
    pub(super) values: BTreeMap<&'p str, &'p Expr>,
}

/// What is to be evaluated.
pub(super) struct Plans<'p> {
    /// Every root module in every environment, in the order of folders, then of files.
    pub(super) plans: Vec<RootPlan<'p>>,
    /// The environments that are too many.
    pub(super) cut_off: Vec<Unresolved>,
}

/// The plans for those root modules that are among `relevant` folders.
pub(super) fn plans<'p>(
    modules: &'p Modules<'p>,
    relevant: &BTreeSet<RepoPath>,
    sources: &Sources<'_>,
    options: &TerraformOptions,
) -> Plans<'p> {
    let called: BTreeSet<RepoPath> =
        modules.by_folder.values().flat_map(|module| called_folders(modules, module)).collect();
    let roots: Vec<&'p Module<'p>> = modules
        .by_folder
        .values()
        .filter(|module| !module.folder.components().any(|part| part == ".terraform"))
        .filter(|module| {
            let applied = module.has_backend || modules.values.contains_key(&module.folder);
            applied || !called.contains(&module.folder)
        })
        .collect();
    let named = named_files(modules, sources, options);
    let environments =
        if options.var_files.is_empty() { environments(modules, &roots) } else { BTreeMap::new() };
    let mut plans = Vec::new();
    let mut cut_off = Vec::new();
    for module in roots.into_iter().filter(|module| relevant.contains(&module.folder)) {
        let mut automatic = automatic_values(modules, module);
        let files = environments.get(&module.folder).map(Vec::as_slice).unwrap_or_default();
        if files.is_empty() {
            automatic.extend(named.iter().flat_map(|file| values_of(file)));
            let is_library = !module.has_backend && !module.has_provider && automatic.is_empty();
            plans.push(RootPlan { module, environment: None, is_library, values: automatic });
            continue;
        }
        let (evaluated, left_out) = files.split_at(files.len().min(MAX_ENVIRONMENTS));
        cut_off.extend(left_out.iter().map(|file| Unresolved {
            at: Span::start_of(file.file),
            what: format!("the root module in `{}` with the values of this file", module.folder),
            why: format!("only the first {MAX_ENVIRONMENTS} files of values that fit it are taken"),
            needed_by: None,
        }));
        for file in evaluated {
            let mut values = automatic.clone();
            values.extend(values_of(file));
            plans.push(RootPlan { module, environment: Some(file.file), is_library: false, values });
        }
    }
    Plans { plans, cut_off }
}

/// The folders of the repository's modules that a module calls.
pub(super) fn called_folders(modules: &Modules<'_>, module: &Module<'_>) -> Vec<RepoPath> {
    module.calls.iter().filter_map(|(_, call)| modules.called(module, call)).collect()
}

/// The files of values that the user has named, in the order of naming.
fn named_files<'p>(
    modules: &'p Modules<'p>,
    sources: &Sources<'_>,
    options: &TerraformOptions,
) -> Vec<&'p ValuesFile<'p>> {
    let files = options.var_files.iter().filter_map(|path| sources.find(path));
    files.filter_map(|file| modules.values.values().flatten().find(|values| values.file == file)).collect()
}

fn values_of<'p>(file: &ValuesFile<'p>) -> impl Iterator<Item = (&'p str, &'p Expr)> + use<'p> {
    file.body.attributes.iter().map(|attribute| (&*attribute.name, &attribute.value))
}

/// When Terraform reads a file of values by itself where it lies in the root module: later ones count more.
fn automatic_order(name: &str) -> Option<usize> {
    match name {
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        _ => (name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")).then_some(2),
    }
}

/// The values that Terraform loads by itself, in its order: `terraform.tfvars`, its JSON form, then the rest by name.
fn automatic_values<'p>(modules: &'p Modules<'p>, module: &Module<'_>) -> BTreeMap<&'p str, &'p Expr> {
    let mut files: Vec<(usize, &ValuesFile<'p>)> = modules
        .values
        .get(&module.folder)
        .into_iter()
        .flatten()
        .filter_map(|file| Some((automatic_order(&file.name)?, file)))
        .collect();
    files.sort_by(|a, b| (a.0, &a.1.name).cmp(&(b.0, &b.1.name)));
    files.into_iter().flat_map(|(_, file)| values_of(file)).collect()
}

/// The files of values that have to be named on the command line, by the root modules that they fit: a file fits where
/// every name in it is a variable of the module, and it lies in or below the module's folder, or near it below the folder
/// that holds the module's. Of several modules the nearest counts: one that holds the file before one beside it, then the one
/// that shares most of the path.
fn environments<'p>(
    modules: &'p Modules<'p>,
    roots: &[&'p Module<'p>],
) -> BTreeMap<RepoPath, Vec<&'p ValuesFile<'p>>> {
    let mut fitting: BTreeMap<RepoPath, Vec<&'p ValuesFile<'p>>> = BTreeMap::new();
    let by_folder: BTreeMap<&RepoPath, &Module<'_>> =
        roots.iter().map(|module| (&module.folder, *module)).collect();
    let mut by_parent: BTreeMap<RepoPath, Vec<&Module<'_>>> = BTreeMap::new();
    for module in roots {
        if let Some(parent) = module.folder.parent() {
            by_parent.entry(parent).or_default().push(module);
        }
    }
    for (folder, files) in &modules.values {
        let is_module = modules.by_folder.contains_key(folder);
        let mut near: Vec<((bool, usize), &Module<'_>)> = Vec::new();
        for (distance, above) in folder.ancestors().enumerate() {
            let depth = above.components().count();
            near.extend(by_folder.get(&above).map(|module| ((true, depth), *module)));
            let beside = by_parent.get(&above).filter(|_| distance <= MAX_DISTANCE);
            near.extend(beside.into_iter().flatten().map(|module| ((false, depth), *module)));
        }
        for file in files {
            if (is_module && automatic_order(&file.name).is_some()) || file.body.attributes.is_empty() {
                continue;
            }
            let fits = |module: &Module<'_>| {
                let mut names = file.body.attributes.iter().map(|attribute| &*attribute.name);
                names.all(|name| module.variables.get(name).is_some())
            };
            let candidates: Vec<_> = near.iter().filter(|(_, module)| fits(module)).collect();
            let nearest = candidates.iter().map(|(nearness, _)| *nearness).max();
            for (_, module) in candidates.iter().filter(|(nearness, _)| Some(*nearness) == nearest) {
                fitting.entry(module.folder.clone()).or_default().push(file);
            }
        }
    }
    fitting
}
