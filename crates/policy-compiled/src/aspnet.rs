//! Programs of ASP.NET: the project, its endpoints and its controllers.

mod controllers;
mod endpoints;
mod project;

use std::collections::BTreeMap;
use std::ops::Range;

use policy_http::served::Served;
use policy_text::source::{FileId, Sources};

use crate::code::Code;
use crate::flow::{Flow, Framework, Function, Functions, Scope, Value, World};
use crate::listing::Listing;
use crate::reading::Reading;
use crate::units::{ClassId, Units};

pub(crate) use project::named;

/// What the project in that file serves.
pub(crate) fn served(project: FileId, sources: &Sources<'_>) -> Served {
    let mut listing = Listing::default();
    let mut reading = Reading::new(sources);
    let project = project::read(project, sources, &mut reading);
    let units = Units::read(project.code.iter().copied(), &mut reading);
    reading.list_gaps(&mut listing);
    let program = Program { functions: functions(&units), constants: constants(&units), units, project };
    program.list(&mut listing);
    listing.done()
}

struct Program {
    units: Units,
    functions: Functions,
    /// The fields of types by name, where all of a name have one.
    constants: BTreeMap<usize, ClassId>,
    project: project::Project,
}

impl Program {
    fn list(&self, listing: &mut Listing) {
        let bytes = self.units.all().iter().map(|unit| unit.code.len() * 8).sum();
        let mut flow = Flow::new(self, bytes);
        let Some(app) = flow.groups.shared(&endpoints::ASP_NET) else { return };
        let at = self.project.at;
        let mut starts = 0;
        for (file, unit) in self.units.all().iter().enumerate() {
            let code = &unit.code;
            let begins = (0..code.len()).any(|at| {
                code.is_word(at, "WebApplication")
                    && code.is_mark(at + 1, '.')
                    && code.word(at + 2).is_some_and(|word| word.starts_with("Create"))
            });
            let main =
                self.functions.all().find(|(_, function)| function.file == file && function.name == "Main");
            match main {
                Some((id, _)) if begins => {
                    starts += 1;
                    flow.start(id, &[]);
                }
                None if begins => {
                    starts += 1;
                    let mut scope = Scope::new();
                    flow.statements(file, 0..code.len(), &mut scope);
                }
                _ => {}
            }
        }
        // What older programs have in the place of statements.
        let configure: Vec<_> =
            self.functions.all().filter(|(_, function)| function.name == "Configure").collect();
        for (id, function) in configure {
            let parameters = &function.parameters;
            let takes_app = parameters.first().is_some_and(|(_, kind)| endpoints::is_router(kind));
            let is_startup = self
                .units
                .all()
                .get(function.file)
                .is_some_and(|unit| unit.code.mentions("ConfigureServices"));
            if takes_app && is_startup && starts == 0 {
                starts += 1;
                flow.start(id, &[Value::Group(app)]);
            }
        }
        if starts != 1 {
            listing.anything(at, "it is not known which code starts it");
        }
        flow.list_gaps(at, listing);
        let bases = endpoints::bases(&flow.noted, self.project.has_files, listing);
        if starts == 1 {
            flow.list(app, &bases, listing);
        }
        let mapped = flow.noted.iter().find(|noted| noted.name == "MapControllers").filter(|_| starts == 1);
        if let Some(mapped) = mapped {
            controllers::list(&self.units, &bases, mapped.doubt, listing);
        }
        for package in &self.project.packages {
            if !project::adds_nothing(package) {
                listing.anything(at, &format!("`{package}` may serve paths of its own"));
            }
        }
    }
}

/// The classes' methods, and where lines of a file stand for themselves.
fn functions(units: &Units) -> Functions {
    let mut functions = Functions::default();
    let mut files: BTreeMap<FileId, usize> = BTreeMap::new();
    for (file, unit) in units.all().iter().enumerate() {
        files.insert(unit.code.file, file);
    }
    for (_, unit, class) in units.classes() {
        let Some(file) = files.get(&unit.code.file) else { continue };
        let code = &unit.code;
        for member in &class.members {
            let Some(open) = member.parameters else { continue };
            let body = member.body.and_then(|open| Some(open + 1..code.closing(open, '{')?));
            let Some(body) = body.or_else(|| member.value.clone()) else { continue };
            let parameters: Vec<(String, String)> =
                code.arguments(open).into_iter().filter_map(|part| parameter(code, part)).collect();
            let is_static = code.is_word(open + 1, "this");
            let takes_router = parameters.iter().any(|(_, kind)| endpoints::is_router(kind));
            functions.add(Function {
                name: member.name.clone(),
                file: *file,
                scope: class.name.clone(),
                receiver: (!is_static && !takes_router).then(|| ("this".to_owned(), class.name.clone())),
                parameters,
                gives: None,
                concerns: takes_router || member.name == "Main",
                body,
            });
        }
    }
    functions
}

/// The name and the type of a parameter: `this WebApplication app`, `string path = "/x"`.
fn parameter(code: &Code, part: Range<usize>) -> Option<(String, String)> {
    let end = part.clone().find(|at| code.is_mark(*at, '=')).unwrap_or(part.end);
    let words: Vec<&str> = code.words(part.start..end).collect();
    let (name, before) = words.split_last()?;
    Some(((*name).to_owned(), before.last().map_or_else(String::new, |kind| (*kind).to_owned())))
}

/// A class of each file, from which its constants are seen.
fn constants(units: &Units) -> BTreeMap<usize, ClassId> {
    let mut found = BTreeMap::new();
    let mut file = 0;
    let mut last: Option<FileId> = None;
    for (id, unit, _) in units.classes() {
        if last.is_some_and(|last| last != unit.code.file) {
            file += 1;
        }
        last = Some(unit.code.file);
        found.insert(file, id);
    }
    found
}

impl World for Program {
    fn code(&self, file: usize) -> Option<&Code> {
        self.units.all().get(file).map(|unit| &unit.code)
    }

    fn functions(&self) -> &Functions {
        &self.functions
    }

    fn constant(&self, file: usize, names: &[&str]) -> Option<String> {
        self.units.constant_of(*self.constants.get(&file)?, names)
    }

    fn makes(&self, _: usize, qualifier: &str, name: &str) -> Option<(&'static Framework, bool)> {
        // `builder.Build()`, `WebApplication.Create()`: a program has one.
        let makes =
            name == "Build" && !qualifier.is_empty() || qualifier == "WebApplication" && name == "Create";
        makes.then_some((&endpoints::ASP_NET, true))
    }

    fn stands_for(&self, _: usize, _: &str) -> Option<&'static Framework> {
        None
    }

    fn frameworks_of(&self, _: usize) -> Vec<&'static Framework> {
        vec![&endpoints::ASP_NET]
    }

    fn is_own(&self, _: usize, qualifier: &str) -> bool {
        self.units.named(qualifier).is_some()
    }

    fn field_type(&self, _: &str) -> Option<&str> {
        None
    }

    fn takes_sockets(&self, _: usize, _: Range<usize>) -> bool {
        false
    }

    fn notes(&self, name: &str) -> bool {
        endpoints::elsewhere(name).is_some()
    }
}
