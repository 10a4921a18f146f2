//! Programs of ASP.NET: the project, its endpoints and its controllers.

mod controllers;
mod endpoints;
mod middleware;
mod project;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use policy_http::served::Served;
use policy_text::source::{FileId, Sources};

use crate::code::Code;
use crate::flow::{Flow, Framework, Function, FunctionId, Functions, GroupId, Maker, Scope, Value, World};
use crate::listing::Listing;
use crate::reading::Reading;
use crate::units::Units;

pub(crate) use project::named;

/// What the project in that file serves.
pub(crate) fn served(project: FileId, sources: &Sources<'_>) -> Served {
    let mut listing = Listing::default();
    let mut reading = Reading::new(sources);
    let project = project::read(project, sources, &mut reading);
    let units = Units::read(project.code.iter().copied(), &mut reading);
    reading.list_gaps(&mut listing);
    let program = Program { functions: functions(&units), units, project };
    program.list(&mut listing);
    listing.done()
}

struct Program {
    units: Units,
    functions: Functions,
    project: project::Project,
}

impl Program {
    fn list(&self, listing: &mut Listing) {
        let mut flow = Flow::new(self);
        let Some(app) = flow.groups.shared(&endpoints::ASP_NET) else { return };
        let at = self.project.at;
        endpoints::ASP_NET.list_habits(listing);
        let starts = self.start(&mut flow, app);
        if let Some(at) = middleware::deciding(&self.units, &self.functions) {
            listing.anything(at, "this code looks at paths before endpoints do");
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

    /// Follows the code that starts the program. In how many places that is.
    fn start(&self, flow: &mut Flow<'_>, app: GroupId) -> usize {
        let mut mains: HashMap<usize, FunctionId> = HashMap::new();
        for (id, function) in self.functions.named("Main") {
            mains.entry(function.file).or_insert(id);
        }
        let mut starts = 0;
        for (file, unit) in self.units.all().iter().enumerate().filter(|(_, unit)| begins(&unit.code)) {
            starts += 1;
            match mains.get(&file) {
                Some(main) => flow.start(*main, &[]),
                None => flow.statements(file, 0..unit.code.len(), &mut Scope::new()),
            }
        }
        if starts > 0 {
            return starts;
        }
        // What older programs have in the place of statements.
        let startups: HashSet<usize> =
            self.functions.named("ConfigureServices").map(|(_, function)| function.file).collect();
        let mut configure = self.functions.named("Configure").filter(|(_, function)| {
            let takes_app = function.parameters.first().is_some_and(|(_, kind)| endpoints::is_router(kind));
            takes_app && startups.contains(&function.file)
        });
        let Some((configure, _)) = configure.next() else { return 0 };
        flow.start(configure, &[Value::Group(app)]);
        1
    }
}

/// Whether statements make an application.
fn begins(code: &Code) -> bool {
    (0..code.len()).any(|at| {
        code.is_word(at, "WebApplication")
            && code.is_mark(at + 1, '.')
            && code.word(at + 2).is_some_and(|word| word.starts_with("Create"))
    })
}

/// The methods of the classes.
fn functions(units: &Units) -> Functions {
    let mut functions = Functions::default();
    for (id, unit, class) in units.classes() {
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
                file: id.file(),
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

impl World for Program {
    fn code(&self, file: usize) -> Option<&Code> {
        self.units.all().get(file).map(|unit| &unit.code)
    }

    fn functions(&self) -> &Functions {
        &self.functions
    }

    fn constant(&self, file: usize, names: &[&str]) -> Option<String> {
        self.units.constant_of(self.units.outside(file)?, names)
    }

    fn makes(&self, _: usize, qualifier: &str, name: &str) -> Option<Maker> {
        // `builder.Build()`, `WebApplication.Create()`: a program has one.
        let makes =
            name == "Build" && !qualifier.is_empty() || qualifier == "WebApplication" && name == "Create";
        makes.then_some(Maker::Only(&endpoints::ASP_NET))
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

    fn passes_on(&self, file: usize, given: Range<usize>, _: &Framework) -> bool {
        self.code(file).is_some_and(|code| middleware::passes_on(code, given))
    }

    fn notes(&self, name: &str) -> bool {
        endpoints::elsewhere(name).is_some()
    }
}
