//! Modules: the configuration files of one folder taken together, with override files merged in.

use std::collections::BTreeMap;

use policy_text::source::{FileId, RepoPath, Sources};

use super::declared::Declared;
use crate::parse::syntax::{Attribute, Block, Body};
use crate::parse::{File, Role};

/// The configuration of one folder.
#[derive(Debug)]
pub(super) struct Module<'p> {
    pub(super) folder: RepoPath,
    pub(super) variables: Declared<'p, &'p str>,
    pub(super) locals: BTreeMap<&'p str, &'p Attribute>,
    /// By `type.name`.
    pub(super) resources: Declared<'p, String>,
    /// By `data.type.name`.
    pub(super) data_sources: Declared<'p, String>,
    pub(super) calls: Declared<'p, &'p str>,
    pub(super) outputs: Declared<'p, &'p str>,
    /// Whether it says where its state is kept, which only a root module does.
    pub(super) has_backend: bool,
    /// Whether it says how to reach a provider, which a module for others leaves to them.
    pub(super) has_provider: bool,
    /// How many blocks its own files have.
    pub(super) blocks: usize,
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
        let source = call.body().attribute("source")?.value.as_literal()?;
        if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..") {
            return module.folder.join(source);
        }
        let folder = RepoPath::root().join(folder_in_repository(source)?)?;
        let called = self.by_folder.get(&folder)?;
        called.takes(call).then_some(folder)
    }

    fn module(&mut self, folder: RepoPath) -> &mut Module<'p> {
        self.by_folder.entry(folder).or_insert_with_key(|folder| Module::new(folder.clone()))
    }
}

impl Module<'_> {
    /// Whether it has a variable for all that `call` gives. Terraform refuses the call where it has not.
    pub(super) fn takes(&self, call: &Block) -> bool {
        let mut given = call.body().attributes.iter().filter(|given| !CALL_META.contains(&&*given.name));
        given.all(|given| self.variables.get(&given.name).is_some())
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
    Named(&'m mut Declared<'p, &'p str>, &'p str),
    Typed(&'m mut Declared<'p, String>, String),
    Locals,
    Terraform,
    Other,
}

impl<'p> Module<'p> {
    fn new(folder: RepoPath) -> Self {
        Self {
            folder,
            variables: Declared::default(),
            locals: BTreeMap::new(),
            resources: Declared::default(),
            data_sources: Declared::default(),
            calls: Declared::default(),
            outputs: Declared::default(),
            has_backend: false,
            has_provider: false,
            blocks: 0,
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
        self.blocks += body.blocks.len();
        for block in &body.blocks {
            match self.slot(block) {
                Slot::Named(declared, name) => declared.add(name, block),
                Slot::Typed(declared, address) => declared.add(address, block),
                Slot::Locals => {
                    self.locals.extend(block.body().attributes.iter().map(|local| (&*local.name, local)));
                }
                Slot::Terraform => {
                    let states = ["backend", "cloud"];
                    self.has_backend |=
                        block.body().blocks.iter().any(|inner| states.contains(&&*inner.kind));
                }
                Slot::Other => self.has_provider |= &*block.kind == "provider",
            }
        }
    }

    /// Merges an override file: it changes what is there and adds nothing.
    fn apply(&mut self, body: &'p Body) {
        for block in &body.blocks {
            match self.slot(block) {
                Slot::Named(declared, name) => declared.merge(name, block),
                Slot::Typed(declared, address) => declared.merge(&address, block),
                Slot::Locals => {
                    self.locals.extend(block.body().attributes.iter().map(|local| (&*local.name, local)));
                }
                Slot::Terraform | Slot::Other => {}
            }
        }
    }
}
