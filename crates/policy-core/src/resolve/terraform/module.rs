//! Modules: the configuration files of one folder taken together, with override files merged in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::parse::terraform::syntax::{Attribute, Block, Body};
use crate::parse::terraform::{File, Role};
use crate::source::{FileId, RepoPath, Sources};

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
            let folder = path.parent().unwrap_or_else(RepoPath::root);
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

    fn module(&mut self, folder: RepoPath) -> &mut Module<'p> {
        self.by_folder.entry(folder).or_insert_with_key(|folder| Module::new(folder.clone()))
    }
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
