//! What a program answers: what its groups hold, with the prefixes of all that they are mounted below.

use std::collections::HashSet;

use policy_http::path::{Part, PathPattern};
use policy_http::served::{Answers, Mount, Registration, Served, UnknownPaths};
use policy_text::budget::Budget;
use policy_text::source::{FileId, Span};

use crate::frameworks::Frameworks;
use crate::modules::Modules;
use crate::program::{Environment, Named, Program, Server, Start};
use crate::resolve::group::{Doubt, Entry, GroupId, Kind, Path, Redirects, What, other_slash, requests};
use crate::resolve::value::{Text, Value};
use crate::resolve::{Arguments, Interpreter, Questions, Variables};

/// What a router is given that was included before.
const LATE: Doubt =
    Doubt("only some versions of its framework see what is registered after its router is included");

/// Groups that are mounted one in the other.
const DEEPEST: usize = 32;
/// Handlers of one program. No program has a tenth of it.
const MOST: usize = 20_000;
/// Entries of groups that are looked at, those of a group as often as it is mounted.
const MOST_ENTRIES: u64 = 4 * MOST as u64;

/// What `program` answers in that environment, and what it asks of it for that.
pub(crate) fn served(
    modules: &Modules<'_>,
    program: &Program,
    environment: &Environment,
) -> (Served, Questions) {
    let mut interpreter = Interpreter::new(
        modules,
        &Frameworks,
        program,
        Variables::new(environment, program, modules.sources()),
    );
    let (file, found) = match &program.start {
        Start::Object(file, named) => (*file, object(&mut interpreter, *file, named)),
        Start::Script(file) => (*file, script(&mut interpreter, *file)),
    };
    let found = passed_to(&mut interpreter, found);
    interpreter.start();
    let mut listing = Listing {
        interpreter: &interpreter,
        served: Served::default(),
        redirected: Vec::new(),
        budget: Budget::of_steps(MOST_ENTRIES),
        page_files: None,
        is_cut_short: false,
    };
    match found {
        Value::Group(group) => listing.program(group),
        _ => listing.everything(file, "the object that answers its requests was not found"),
    }
    if program.server == Server::Gunicorn
        && environment.value("SCRIPT_NAME").is_some_and(|name| !name.is_empty())
    {
        listing.everything(file, "its server takes the prefix in `SCRIPT_NAME` off the paths");
    }
    if listing.is_cut_short || interpreter.is_cut_short {
        listing.everything(file, "it would take too much work to follow its code");
    }
    (listing.served, interpreter.into_questions())
}

/// The object that a server loads from a module.
fn object<'m>(interpreter: &mut Interpreter<'m, '_>, file: FileId, named: &Named) -> Value<'m> {
    interpreter.load(file);
    let module = Value::Module(file);
    let call = |interpreter: &mut Interpreter<'m, '_>, name: &str| {
        let function = interpreter.dotted_attribute(&module, name);
        let arguments = Arguments::none(Span::start_of(file));
        interpreter.at_cost_of(file, |interpreter| interpreter.call(&function, &arguments))
    };
    let with = |interpreter: &mut Interpreter<'m, '_>, name: &str| {
        let function = interpreter.dotted_attribute(&module, name);
        let arguments = Arguments { has_others: true, ..Arguments::none(Span::start_of(file)) };
        interpreter.at_cost_of(file, |interpreter| interpreter.call(&function, &arguments))
    };
    match named {
        Named::Name(name) => match interpreter.dotted_attribute(&module, name) {
            // A server calls what is a function of no arguments.
            Value::Function(_) => call(interpreter, name),
            value => value,
        },
        Named::Call(name) => call(interpreter, name),
        Named::CallWith(name) => with(interpreter, name),
        Named::Found => {
            let usual = ["app", "application", "api"].iter();
            let mut objects = usual.map(|name| interpreter.dotted_attribute(&module, name));
            let object = objects.find(|object| matches!(object, Value::Group(_)));
            let mut factories = ["create_app", "make_app"].iter();
            object
                .or_else(|| interpreter.only_application(file))
                .or_else(|| {
                    let name = factories.find(|name| interpreter.defines(file, name))?;
                    Some(call(interpreter, name))
                })
                .unwrap_or(Value::Unknown)
        }
    }
}

/// The application that a wrapper of the repository passes every request on to.
fn passed_to<'m>(interpreter: &mut Interpreter<'m, '_>, found: Value<'m>) -> Value<'m> {
    match interpreter.group_in(&found) {
        Some(group) if interpreter.passes_on(&found) => Value::Group(group),
        _ => found,
    }
}

/// What a script hands to a server. With more than one it is not known which.
fn script<'m>(interpreter: &mut Interpreter<'m, '_>, file: FileId) -> Value<'m> {
    interpreter.run_as_script(file);
    match interpreter.launched.as_slice() {
        [app] => app.clone(),
        _ => Value::Unknown,
    }
}

/// What lies around the groups that are listed.
#[derive(Clone)]
struct Below {
    prefix: Path,
    mounts: Vec<Mount>,
    doubt: Option<Doubt>,
    /// What the application that is mounted here redirects.
    redirects: Redirects,
    /// What the one around it redirects, and where this one is mounted.
    around: (Redirects, Path),
    /// How many entries of the group count for certain.
    until: Option<usize>,
    /// The applications whose fronts the requests have passed.
    entered: Vec<GroupId>,
}

struct Listing<'i, 'm, 's> {
    interpreter: &'i Interpreter<'m, 's>,
    served: Served,
    /// Paths that are redirected if nothing else answers them, each with the index of the registration that it leads to.
    redirected: Vec<(PathPattern, usize, Redirects)>,
    /// The entries that are still looked at.
    budget: Budget,
    /// Below which prefix the program serves the files of pages that packages bring, and where that is set.
    page_files: Option<(Path, Span)>,
    is_cut_short: bool,
}

impl Listing<'_, '_, '_> {
    fn everything(&mut self, file: FileId, why: &str) {
        self.everything_at(Span::start_of(file), why);
    }

    fn everything_at(&mut self, at: Span, why: &str) {
        let below = PathPattern::everything();
        self.served.unknown.push(UnknownPaths { below, at, why: why.to_owned() });
    }

    fn program(&mut self, program: GroupId) {
        let Some(group) = self.interpreter.group(program) else { return };
        let below = Below {
            prefix: Path::default(),
            mounts: Vec::new(),
            doubt: None,
            redirects: group.redirects,
            around: (group.redirects, Path::default()),
            until: None,
            entered: Vec::new(),
        };
        self.group(program, group.at, &below);
        self.redirects();
        if let Some(prefix) = &group.also_below {
            let paths = self.served.registrations.iter().map(|registration| &registration.path);
            let paths = paths.chain(self.served.unknown.iter().map(|unknown| &unknown.below));
            let also = paths.filter_map(|path| {
                let why =
                    "the application is told of a prefix that its load balancer may take away".to_owned();
                Some(UnknownPaths { below: prefix.pattern.then(path)?, at: group.at, why })
            });
            let also: Vec<_> = also.collect();
            self.served.unknown.extend(also);
        }
    }

    /// Lists the paths that are redirected and not answered otherwise.
    fn redirects(&mut self) {
        let registrations = &self.served.registrations;
        let answers = registrations.iter().filter(|registration| registration.answers != Answers::Sockets);
        let mut answered: HashSet<PathPattern> =
            answers.map(|registration| registration.path.clone()).collect();
        let redirected = std::mem::take(&mut self.redirected);
        let found: Vec<_> = redirected
            .into_iter()
            .filter(|(path, _, _)| answered.insert(path.clone()))
            .filter_map(|(path, index, redirects)| {
                let handler = registrations.get(index)?.clone();
                let answers =
                    if redirects == Redirects::Lenient { handler.answers } else { Answers::Redirect };
                Some(Registration { path, answers, ..handler })
            })
            .collect();
        self.served.registrations.extend(found);
    }

    /// Lists the style sheets and scripts of the site by which data is administered, as part of what the site is.
    fn files_of_site(&mut self, below: &Below) {
        let Some((prefix, at)) = self.page_files.clone().filter(|_| below.doubt.is_none()) else { return };
        let files = Path::of([Part::Literal("admin/".to_owned()), Part::Rest]);
        let (path, mounts) = (prefix.then(&files).pattern, below.mounts.clone());
        self.served.registrations.push(Registration { path, answers: requests(["GET", "HEAD"]), at, mounts });
    }

    /// Lists a handler.
    fn handler(&mut self, path: Path, answers: &Answers, entry: &Entry, below: &Below) {
        let why = match below.doubt.or(entry.doubt) {
            _ if path.has_unknown_parts => "its path is not written as text",
            Some(Doubt(why)) => why,
            None => {
                let is_root = path == below.around.1.then(&Path::literal(&Text::new("/")));
                let redirects = if is_root { below.around.0 } else { below.redirects };
                if *answers != Answers::Sockets
                    && let Some(other) = redirected_to(&path.pattern, redirects)
                {
                    self.redirected.push((other, self.served.registrations.len(), redirects));
                }
                self.served.registrations.push(Registration {
                    path: path.pattern,
                    answers: answers.clone(),
                    at: entry.at,
                    mounts: below.mounts.clone(),
                });
                return;
            }
        };
        let unknown = UnknownPaths { below: path.pattern, at: entry.at, why: why.to_owned() };
        self.served.unknown.push(unknown);
    }

    fn group(&mut self, id: GroupId, at: Span, below: &Below) {
        let Some(group) = self.interpreter.group(id) else { return };
        if below.mounts.len() == DEEPEST {
            self.is_cut_short = true;
            return;
        }
        let mut below = below.clone();
        if let Some(front) = group.front.filter(|_| !below.entered.contains(&id)) {
            below.entered.push(id);
            return self.group(front, at, &below);
        }
        if group.kind.is_application() && !below.mounts.is_empty() {
            below.around = (below.redirects, below.prefix.clone());
            below.redirects = group.redirects;
        }
        below.prefix = below.prefix.then(&group.prefix);
        below.mounts.push(Mount { prefix: below.prefix.pattern.clone(), at });
        let until = below.until.take().unwrap_or(usize::MAX);
        if group.page_files.is_some() {
            self.page_files.clone_from(&group.page_files);
        }
        if group.kind == Kind::AdminSite {
            self.files_of_site(&below);
        }
        for (index, entry) in group.entries.iter().enumerate() {
            let listed = self.served.registrations.len() + self.served.unknown.len();
            if listed >= MOST || self.budget.spend(1).is_err() {
                self.is_cut_short = true;
                return;
            }
            if index == until {
                below.doubt = below.doubt.or(Some(LATE));
            }
            self.entry(entry, &below);
        }
    }

    fn entry(&mut self, entry: &Entry, below: &Below) {
        let path = below.prefix.then(&entry.path);
        let (id, until) = match &entry.what {
            What::Handler(answers) => return self.handler(path, answers, entry, below),
            What::LenientHandler(answers) => {
                if let Some(pattern) = other_slash(&path.pattern) {
                    let other = Path { pattern, has_unknown_parts: path.has_unknown_parts };
                    self.handler(other, answers, entry, below);
                }
                return self.handler(path, answers, entry, below);
            }
            What::Unknown(why) => {
                let unknown = UnknownPaths { below: path.and_below(), at: entry.at, why: (*why).to_owned() };
                self.served.unknown.push(unknown);
                return;
            }
            What::UnknownAnywhere(why) => return self.everything_at(entry.at, why),
            What::Copied(group, until) => (*group, Some(*until)),
            What::Mounted(group) => (*group, None),
        };
        let below = Below { doubt: below.doubt.or(entry.doubt), until, prefix: path, ..below.clone() };
        self.group(id, entry.at, &below);
    }
}

/// The path that is redirected to this one.
fn redirected_to(path: &PathPattern, redirects: Redirects) -> Option<PathPattern> {
    let is_redirected = match redirects {
        Redirects::None => false,
        Redirects::ToSlash => matches!(path.parts().last(), Some(Part::Literal(text)) if text.ends_with('/')),
        Redirects::Both | Redirects::Lenient => true,
    };
    if is_redirected { other_slash(path) } else { None }
}
