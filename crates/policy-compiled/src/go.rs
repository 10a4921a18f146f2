//! Programs in Go: the package that is built, those of its module that it imports, and the routers that they build.

mod answers;
mod errors;
mod frameworks;
mod middleware;
mod module;
mod packages;
mod sockets;

use std::ops::Range;

use policy_http::served::Served;
use policy_text::source::{RepoPath, Sources, Span};

use crate::code::Code;
use crate::flow::{Flow, Framework, Functions, Maker, World};
use crate::listing::Listing;
use crate::reading::Reading;
use module::Module;
use packages::Packages;

pub(crate) use module::{is_command, module_of};

/// What the package in `folder` serves.
pub(crate) fn served(folder: &RepoPath, sources: &Sources<'_>) -> Served {
    let mut listing = Listing::default();
    let Some(module) = Module::above(folder, sources) else { return listing.done() };
    let mut reading = Reading::new(sources);
    let packages = Packages::read(folder, &module, sources, &mut reading);
    reading.list_gaps(&mut listing);
    if let Some(at) = packages.deciding {
        listing.anything(at, "this code looks at paths before handlers do");
    }
    if let Some(at) = errors::answering(&packages) {
        listing.anything(at, "this code answers what no handler does");
    }
    let mut mains = packages.functions.named("main");
    let Some((main, function)) = mains.find(|(_, function)| function.scope == folder.as_str()) else {
        return listing.done();
    };
    let Some(at) = packages.code(function.file).map(|code| Span::start_of(code.file)) else {
        return listing.done();
    };
    let mut flow = Flow::new(&packages);
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

impl World for Packages {
    fn code(&self, file: usize) -> Option<&Code> {
        self.code(file)
    }

    fn functions(&self) -> &Functions {
        &self.functions
    }

    fn constant(&self, file: usize, names: &[&str]) -> Option<String> {
        self.constant(file, names)
    }

    fn makes(&self, file: usize, qualifier: &str, name: &str) -> Option<Maker> {
        let package = self.import(file, qualifier)?;
        frameworks::made_by(package, name).map(Maker::New)
    }

    fn stands_for(&self, file: usize, qualifier: &str) -> Option<&'static Framework> {
        (self.import(file, qualifier)? == "net/http").then_some(&frameworks::MUX)
    }

    fn frameworks_of(&self, file: usize) -> Vec<&'static Framework> {
        self.imports(file).filter_map(frameworks::of_package).collect()
    }

    fn is_own(&self, file: usize, qualifier: &str) -> bool {
        self.own(file, qualifier).is_some()
    }

    fn field_type(&self, name: &str) -> Option<&str> {
        self.field(name)
    }

    fn takes_sockets(&self, file: usize, handler: Range<usize>) -> bool {
        self.takes_sockets(file, handler)
    }

    fn passes_on(&self, file: usize, given: Range<usize>, framework: &Framework) -> bool {
        middleware::passes_on(self, file, given, framework.uses_handlers)
    }

    fn notes(&self, _: &str) -> bool {
        false
    }
}
