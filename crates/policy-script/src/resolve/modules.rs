//! The modules of a repository, each parsed once and only when it is asked for.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use memchr::memmem;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::{Family, Problem, Unresolved};
use rayon::prelude::*;

use super::endpoint::Client;
use super::outcomes::Outcomes;
use super::reach::Naming;
use super::tooling::{BuildVariables, Delivery, Program, ScriptFacts, Tooling};
use crate::parse::imports::{ImportedNames, ModuleNames};
use crate::parse::{self, Module};

/// Every module that was or can be read, in the packages that it belongs to.
pub struct Scripts<'a> {
    sources: &'a Sources<'a>,
    pub(super) tooling: Tooling<'a>,
    parsed: &'a [(FileId, Module)],
    imports: &'a [(FileId, ImportedNames)],
    texts: Vec<OnceLock<Option<Box<str>>>>,
    imported: Vec<OnceLock<Option<Imported>>>,
    may_export_opener: Vec<OnceLock<bool>>,
    pub(super) left_out: Vec<OnceLock<bool>>,
    pub(super) naming: OnceLock<Naming>,
    pub(super) outcomes: Outcomes,
    /// What was left out of pages for its cost.
    left_out_for_cost: Mutex<BTreeSet<Problem>>,
}

/// A module that is read because another one imports it, with what could not be read of it.
type Imported = (Module, Vec<Problem>);

impl<'a> Scripts<'a> {
    /// The scripts of `sources`: those that were `parsed`, what all of them import, and what image builds set for them.
    pub fn new(
        parsed: &'a [(FileId, Module)],
        imports: &'a [(FileId, ImportedNames)],
        images: BuildVariables<'a>,
        sources: &'a Sources<'a>,
    ) -> Self {
        Self {
            sources,
            tooling: Tooling::new(sources).with_images(images),
            parsed,
            imports,
            texts: one_for_each_file(sources),
            imported: one_for_each_file(sources),
            may_export_opener: one_for_each_file(sources),
            left_out: one_for_each_file(sources),
            naming: OnceLock::new(),
            outcomes: Outcomes::default(),
            left_out_for_cost: Mutex::default(),
        }
    }

    /// The modules that may open a socket, in the order of paths.
    pub(super) fn candidates(&self) -> &'a [(FileId, Module)] {
        self.parsed
    }

    /// The files whose modules may send requests, in the order of paths.
    pub(super) fn files_with_requests(&self) -> Vec<FileId> {
        let files: Vec<(FileId, &RepoPath)> = self.sources.files().collect();
        files
            .par_iter()
            .filter(|(file, path)| {
                let may_ship = parse::is_read(path) && !self.tooling.is_for_development(*file);
                may_ship && self.text(*file).is_some_and(|text| parse::may_send_request(path, text))
            })
            .map(|(file, _)| *file)
            .collect()
    }

    /// The text of `file`, read once for all that ask.
    fn text(&self, file: FileId) -> Option<&str> {
        let read = || Some(self.sources.read(file).ok()?.text.into_boxed_str());
        self.texts.get(file.0 as usize)?.get_or_init(read).as_deref()
    }

    /// The module in `file`.
    pub(super) fn module(&self, file: FileId) -> Option<&Module> {
        if let Ok(index) = self.parsed.binary_search_by_key(&file, |(file, _)| *file) {
            return self.parsed.get(index).map(|(_, module)| module);
        }
        let slot = self.imported.get(file.0 as usize)?;
        slot.get_or_init(|| {
            let path = self.sources.path(file);
            let is_data = path.extension() == Some("json");
            if !is_data && !parse::is_read(path) {
                return None;
            }
            let text = self.text(file)?;
            if is_data {
                parse::read_json(text).map(|module| (module, Vec::new()))
            } else {
                Some(parse::read(file, path, text))
            }
        })
        .as_ref()
        .map(|(module, _)| module)
    }

    /// The files that may import `module`, in the order of paths.
    pub(super) fn importers(&self, module: FileId) -> impl Iterator<Item = FileId> {
        let names = ModuleNames::of(self.sources.path(module));
        self.imports.iter().filter(move |(_, imported)| imported.may_hold(&names)).map(|(file, _)| *file)
    }

    /// Whether an import of `specifier` in `file` leads to `module`.
    pub(super) fn leads_to(&self, specifier: &str, file: FileId, module: FileId) -> bool {
        let names = ModuleNames::of(self.sources.path(module));
        names.may_be(self.sources.path(file), specifier) && self.resolve(specifier, file).contains(&module)
    }

    /// Whether one of `words` stands in the text of `file`.
    pub(super) fn mentions<'w>(&self, file: FileId, words: impl IntoIterator<Item = &'w str>) -> bool {
        let Some(text) = self.text(file) else { return false };
        words.into_iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
    }

    /// The statements of candidates that are valid and were not understood, for the report.
    pub fn passed_over(&self) -> impl Iterator<Item = Unresolved> {
        self.parsed.iter().filter_map(|(file, module)| {
            let &(start, end) = module.passed_over.first()?;
            let why = match module.passed_over.len() {
                1 => "a statement could not be parsed: it contains template tags or Flow types".to_owned(),
                count => format!(
                    "{count} statements could not be parsed: they contain template tags or Flow types"
                ),
            };
            let at = Span::new(*file, start as usize..end as usize);
            Some(Unresolved {
                at,
                what: "the addresses that the script connects to".to_owned(),
                why,
                needed_by: Some(Family::Websocket),
            })
        })
    }

    /// Keeps what was left out.
    pub(super) fn leave_out(&self, problem: Option<Problem>) {
        self.left_out_for_cost.lock().unwrap_or_else(PoisonError::into_inner).extend(problem);
    }

    /// How many bytes the text of `file` has.
    pub(super) fn length(&self, file: FileId) -> usize {
        self.text(file).map_or(0, str::len)
    }

    /// How many files import anything.
    pub(super) fn importing_files(&self) -> usize {
        self.imports.len()
    }

    /// What was left out of pages for its cost, and the problems in modules that are no candidates and were read because
    /// something asked for them, in the order of files.
    pub fn problems(&self) -> Vec<Problem> {
        let read = self.imported.iter().filter_map(OnceLock::get).flatten();
        let left_out = self.left_out_for_cost.lock().unwrap_or_else(PoisonError::into_inner);
        left_out.iter().chain(read.flat_map(|(_, problems)| problems)).cloned().collect()
    }

    /// The module in `file`, where it can export something that opens sockets: most modules need not be parsed to know
    /// that they do not.
    pub(super) fn module_of_opener(&self, file: FileId) -> Option<&Module> {
        let slot = self.may_export_opener.get(file.0 as usize)?;
        let may = slot.get_or_init(|| self.text(file).is_some_and(parse::may_export_opener));
        if *may { self.module(file) } else { None }
    }

    /// The files that production takes where `from` imports `specifier`. Empty for what is not in the repository.
    pub(super) fn resolve(&self, specifier: &str, from: FileId) -> Vec<FileId> {
        self.tooling.resolve(specifier, from).map_or_else(Vec::new, |file| self.tooling.shipped(file))
    }

    /// The files of the tree.
    pub(super) fn sources(&self) -> &'a Sources<'a> {
        self.sources
    }

    /// What a command starts that an image runs, where `folder` is what stands in its working directory.
    pub fn program(&self, folder: &RepoPath, command: &[&str]) -> Option<Program> {
        self.tooling.program(folder, command)
    }

    /// The package in or below `folder` that this command of `pnpm deploy` puts somewhere, and where, as it is written.
    pub fn deployed<'w>(&self, folder: &RepoPath, command: &[&'w str]) -> Option<(RepoPath, &'w str)> {
        self.tooling.deployed(folder, command)
    }

    /// Where the code of a module runs.
    pub(super) fn delivery(&self, file: FileId, module: &Module) -> Delivery {
        facts(module, |facts| self.tooling.delivery(file, facts))
    }

    /// What a module that does not run on a server is part of.
    pub(super) fn client(&self, file: FileId, module: &Module) -> Client {
        facts(module, |facts| self.tooling.client(file, facts))
    }
}

/// Judges what a module says about where it runs.
fn facts<T>(module: &Module, judge: impl FnOnce(&ScriptFacts<'_>) -> T) -> T {
    let imports: Vec<&str> = module.page_requests().iter().map(|request| &*request.specifier).collect();
    let globals: Vec<&str> = module.globals.iter().map(|name| &**name).collect();
    let directives: Vec<&str> = module.directives.iter().map(|name| &**name).collect();
    judge(&ScriptFacts {
        imports: &imports,
        globals: &globals,
        jsx: module.has_jsx,
        directives: &directives,
        is_command: module.is_command,
    })
}

fn one_for_each_file<T>(sources: &Sources<'_>) -> Vec<OnceLock<T>> {
    sources.files().map(|_| OnceLock::new()).collect()
}
