//! Modules: the configuration files of one folder taken together, with override files merged in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use policy_text::source::{FileId, RepoPath, Sources};

use crate::parse::syntax::{Attribute, Block, Body};
use crate::parse::{File, Role};

/// The configuration of one folder.
#[derive(Debug)]
pub(super) struct Module<'p> {
    pub(super) folder: RepoPath,
    pub(super) variables: BTreeMap<&'p str, Cow<'p, Block>>,
    pub(super) locals: BTreeMap<&'p str, &'p Attribute>,
    /// By `type.name`.
    pub(super) resources: BTreeMap<String, Cow<'p, Block>>,
    /// By `data.type.name`.
    pub(super) data_sources: BTreeMap<String, Cow<'p, Block>>,
    pub(super) calls: BTreeMap<&'p str, Cow<'p, Block>>,
    pub(super) outputs: BTreeMap<&'p str, Cow<'p, Block>>,
    /// Whether it says where its state is kept, which only a root module does.
    pub(super) has_backend: bool,
    /// Whether it says how to reach a provider, which a module for others leaves to them.
    pub(super) has_provider: bool,
}

/// A file that gives variables their values.
#[derive(Clone, Debug)]
pub(super) struct ValuesFile<'p> {
    pub(super) file: FileId,
    pub(super) name: String,
    pub(super) body: &'p Body,
}

/// Every module and every file of values in a tree, by folder.
#[derive(Debug, Default)]
pub(super) struct Modules<'p> {
    pub(super) by_folder: BTreeMap<RepoPath, Module<'p>>,
    /// The files of values in each folder, in the order of paths.
    pub(super) values: BTreeMap<RepoPath, Vec<ValuesFile<'p>>>,
}

impl<'p> Modules<'p> {
    /// Sorts files into modules.
    pub(super) fn collect(files: &'p [(FileId, File)], sources: &Sources<'_>) -> Self {
        let mut modules = Self::default();
        let mut overrides: Vec<(RepoPath, &'p Body)> = Vec::new();
        for (id, file) in files {
            let path = sources.path(*id);
            let name = path.file_name();
            let folder = sources.folder_of(*id);
            if file.role == Role::Values {
                let file = ValuesFile { file: *id, name: name.to_owned(), body: &file.body };
                modules.values.entry(folder).or_default().push(file);
            } else if is_override(name) {
                overrides.push((folder, &file.body));
            } else {
                modules.module(folder).add(&file.body);
            }
        }
        for (folder, body) in overrides {
            modules.module(folder).apply(body);
        }
        modules
    }

    /// The folder of the repository that a call in `module` leads to, where it leads to one.
    pub(super) fn called(&self, module: &Module<'_>, call: &Block) -> Option<RepoPath> {
        let source = call.body.attribute("source")?.value.as_literal()?;
        if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..") {
            return module.folder.join(source);
        }
        let folder = RepoPath::root().join(folder_in_repository(source)?)?;
        let called = self.by_folder.get(&folder)?;
        let mut given = call.body.attributes.iter().filter(|given| !CALL_META.contains(&&*given.name));
        given.all(|given| called.variables.contains_key(&*given.name)).then_some(folder)
    }

    fn module(&mut self, folder: RepoPath) -> &mut Module<'p> {
        self.by_folder.entry(folder).or_insert_with_key(|folder| Module::new(folder.clone()))
    }
}

/// Arguments of a call that are no variables of what it calls.
const CALL_META: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

/// The folder that a source names below a repository of its own address: `github.com/example/infra//modules/rule?ref=v1`.
/// Where this repository has it, and the module takes what it is given, the address is most likely this repository's.
fn folder_in_repository(source: &str) -> Option<&str> {
    let is_git = ["git::", "git@", "github.com/", "bitbucket.org/", "gitlab.com/"];
    if !is_git.iter().any(|begin| source.starts_with(begin)) {
        return None;
    }
    let address = source.split_once("://").map_or(source, |(_, rest)| rest);
    let (_, folder) = address.split_once("//")?;
    folder.split('?').next().filter(|folder| !folder.is_empty())
}

/// Whether Terraform merges a file of this name into the others instead of reading it beside them.
fn is_override(name: &str) -> bool {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem == "override" || stem.ends_with("_override")
}

/// Where a top-level block goes.
enum Slot<'m, 'p> {
    Named(&'m mut BTreeMap<&'p str, Cow<'p, Block>>, &'p str),
    Typed(&'m mut BTreeMap<String, Cow<'p, Block>>, String),
    Locals,
    Terraform,
    Other,
}

impl<'p> Module<'p> {
    fn new(folder: RepoPath) -> Self {
        Self {
            folder,
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            resources: BTreeMap::new(),
            data_sources: BTreeMap::new(),
            calls: BTreeMap::new(),
            outputs: BTreeMap::new(),
            has_backend: false,
            has_provider: false,
        }
    }

    fn slot(&mut self, block: &'p Block) -> Slot<'_, 'p> {
        let labels: Vec<&'p str> = block.labels.iter().map(AsRef::as_ref).collect();
        match (&*block.kind, labels.as_slice()) {
            ("variable", &[name]) => Slot::Named(&mut self.variables, name),
            ("module", &[name]) => Slot::Named(&mut self.calls, name),
            ("output", &[name]) => Slot::Named(&mut self.outputs, name),
            ("resource", &[kind, name]) => Slot::Typed(&mut self.resources, format!("{kind}.{name}")),
            ("data", &[kind, name]) => Slot::Typed(&mut self.data_sources, format!("data.{kind}.{name}")),
            ("locals", _) => Slot::Locals,
            ("terraform", _) => Slot::Terraform,
            _ => Slot::Other,
        }
    }

    fn add(&mut self, body: &'p Body) {
        for block in &body.blocks {
            match self.slot(block) {
                Slot::Named(map, name) => {
                    map.entry(name).or_insert(Cow::Borrowed(block));
                }
                Slot::Typed(map, key) => {
                    map.entry(key).or_insert(Cow::Borrowed(block));
                }
                Slot::Locals => {
                    self.locals.extend(block.body.attributes.iter().map(|local| (&*local.name, local)));
                }
                Slot::Terraform => {
                    let states = ["backend", "cloud"];
                    self.has_backend |= block.body.blocks.iter().any(|inner| states.contains(&&*inner.kind));
                }
                Slot::Other => self.has_provider |= &*block.kind == "provider",
            }
        }
    }

    /// Merges an override file: it changes what is there and adds nothing.
    fn apply(&mut self, body: &'p Body) {
        for block in &body.blocks {
            match self.slot(block) {
                Slot::Named(map, name) => merge(map.get_mut(name), block),
                Slot::Typed(map, key) => merge(map.get_mut(&key), block),
                Slot::Locals => {
                    self.locals.extend(block.body.attributes.iter().map(|local| (&*local.name, local)));
                }
                Slot::Terraform | Slot::Other => {}
            }
        }
    }
}

/// Arguments replace arguments of the same name, nested blocks all blocks of the same type.
fn merge(target: Option<&mut Cow<'_, Block>>, block: &Block) {
    let Some(target) = target else { return };
    let body = &mut target.to_mut().body;
    for attribute in &block.body.attributes {
        match body.attributes.iter_mut().find(|existing| existing.name == attribute.name) {
            Some(existing) => *existing = attribute.clone(),
            None => body.attributes.push(attribute.clone()),
        }
    }
    body.blocks.retain(|existing| !block.body.blocks.iter().any(|new| new.kind == existing.kind));
    body.blocks.extend(block.body.blocks.iter().cloned());
}
