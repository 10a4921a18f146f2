//! Programs in Go: the package that is built, those of its module that it imports, and the routers that they build.

mod frameworks;
mod module;
mod packages;
mod sockets;

use std::ops::Range;

use policy_http::served::Served;
use policy_text::source::{RepoPath, Sources, Span};

use crate::code::Code;
use crate::flow::{Flow, Framework, Functions, World};
use crate::listing::Listing;
use module::Module;
use packages::Packages;

pub(crate) use module::{is_command, module_of};

/// What the package in `folder` serves.
pub(crate) fn served(folder: &RepoPath, sources: &Sources<'_>) -> Served {
    let mut listing = Listing::default();
    let Some(module) = Module::above(folder, sources) else { return listing.done() };
    let program = Program::read(folder, &module, sources);
    let main = program
        .packages
        .functions
        .all()
        .find(|(_, function)| function.name == "main" && function.scope == folder.as_str());
    let Some((main, _)) = main else { return listing.done() };
    let at = program.at;
    let mut flow = Flow::new(&program, program.packages.bytes());
    flow.start(main, &[]);
    // What is started counts; where that was not seen, what there is alone.
    let launched = flow.groups.launched_roots();
    let mut counts = if launched.is_empty() { flow.groups.roots() } else { launched }.into_iter();
    flow.list_gaps(at, &mut listing);
    match (counts.next(), counts.next()) {
        (Some(only), None) => flow.list(only, &[Some(String::new())], &mut listing),
        (None, _) => listing.anything(at, "no router was found"),
        (Some(_), Some(_)) => listing.anything(at, "it has several routers"),
    }
    listing.done()
}

struct Program {
    packages: Packages,
    at: Span,
}

impl Program {
    fn read(folder: &RepoPath, module: &Module, sources: &Sources<'_>) -> Self {
        let packages = Packages::read(folder, module, sources);
        let at =
            packages.first().map_or_else(|| Span::start_of(module.file), |code| Span::start_of(code.file));
        Self { packages, at }
    }
}

impl World for Program {
    fn code(&self, file: usize) -> Option<&Code> {
        self.packages.code(file)
    }

    fn functions(&self) -> &Functions {
        &self.packages.functions
    }

    fn constant(&self, file: usize, names: &[&str]) -> Option<String> {
        self.packages.constant(file, names)
    }

    fn makes(&self, file: usize, qualifier: &str, name: &str) -> Option<(&'static Framework, bool)> {
        let package = self.packages.import(file, qualifier)?;
        frameworks::made_by(package, name).map(|framework| (framework, false))
    }

    fn stands_for(&self, file: usize, qualifier: &str) -> Option<&'static Framework> {
        (self.packages.import(file, qualifier)? == "net/http").then_some(&frameworks::MUX)
    }

    fn frameworks_of(&self, file: usize) -> Vec<&'static Framework> {
        self.packages.imports(file).filter_map(frameworks::of_package).collect()
    }

    fn is_own(&self, file: usize, qualifier: &str) -> bool {
        self.packages.own(file, qualifier).is_some()
    }

    fn field_type(&self, name: &str) -> Option<&str> {
        self.packages.field(name)
    }

    fn takes_sockets(&self, file: usize, handler: Range<usize>) -> bool {
        sockets::are_taken(&self.packages, file, handler)
    }

    fn notes(&self, _: &str) -> bool {
        false
    }
}
