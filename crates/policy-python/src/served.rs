//! What a program answers: what its groups hold, with the prefixes of all that they are mounted below.

use std::collections::HashSet;

use policy_http::path::{Part, PathPattern};
use policy_http::served::{Answers, Mount, Registration, Served, UnknownPaths};
use policy_text::source::{FileId, Span};

use crate::frameworks::Frameworks;
use crate::modules::Modules;
use crate::program::{Environment, Named, Program, Start};
use crate::resolve::group::{Doubt, Entry, Group, GroupId, Path, Redirects, What};
use crate::resolve::value::Value;
use crate::resolve::{Arguments, Interpreter, Variables};

/// Groups that are mounted one in the other.
const DEEPEST: usize = 32;
/// Handlers of one program. No program has a tenth of it.
const MOST: usize = 20_000;

/// What `program` answers in that environment.
pub fn served(modules: &Modules<'_>, program: &Program, environment: &Environment) -> Served {
    let mut interpreter = Interpreter::new(modules, &Frameworks, program, Variables::new(environment));
    let (file, found) = match &program.start {
        Start::Object(file, named) => (*file, object(&mut interpreter, *file, named)),
        Start::Script(file) => (*file, script(&mut interpreter, *file)),
    };
    if let Value::Group(application) = &found {
        interpreter.start(*application);
    }
    let mut listing = Listing { interpreter: &interpreter, served: Served::default(), is_cut_short: false };
    match found {
        Value::Group(group) => listing.program(group),
        _ => listing.everything(file, "the object that answers its requests was not found"),
    }
    if listing.is_cut_short || interpreter.is_cut_short {
        listing.everything(file, "it would take too much work to follow its code");
    }
    listing.served
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
    match named {
        Named::Name(name) => match interpreter.dotted_attribute(&module, name) {
            // A server calls what is a function of no arguments.
            Value::Function(_) => call(interpreter, name),
            value => value,
        },
        Named::Call(name) => call(interpreter, name),
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

/// What a script hands to a server. With more than one it is not known which.
fn script<'m>(interpreter: &mut Interpreter<'m, '_>, file: FileId) -> Value<'m> {
    interpreter.run_as_script(file);
    match interpreter.launched.as_slice() {
        [app] => app.clone(),
        _ => Value::Unknown,
    }
}

/// What lies around the groups that are listed.
#[derive(Clone, Default)]
struct Below {
    prefix: Path,
    mounts: Vec<Mount>,
    doubt: Option<Doubt>,
    /// How many entries of the group count.
    until: Option<usize>,
}

struct Listing<'i, 'm, 's> {
    interpreter: &'i Interpreter<'m, 's>,
    served: Served,
    is_cut_short: bool,
}

impl Listing<'_, '_, '_> {
    fn everything(&mut self, file: FileId, why: &str) {
        let below = PathPattern::new([Part::Rest]).unwrap_or_default();
        let at = Span::start_of(file);
        self.served.unknown.push(UnknownPaths { below, at, why: why.to_owned() });
    }

    fn program(&mut self, program: GroupId) {
        let Some(group) = self.interpreter.group(program) else { return };
        self.group(group, group.at, &Below::default());
        self.redirects(group.redirects);
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

    /// Lists the paths that are redirected to those of handlers.
    fn redirects(&mut self, redirects: Redirects) {
        let registrations = &self.served.registrations;
        let answered: HashSet<&PathPattern> =
            registrations.iter().map(|registration| &registration.path).collect();
        let handlers = registrations.iter().filter(|registration| registration.answers != Answers::Sockets);
        let mut added = HashSet::new();
        let found: Vec<_> = handlers
            .filter_map(|handler| {
                let path = other_slash(&handler.path, redirects)?;
                let is_new = !answered.contains(&path) && added.insert(path.clone());
                is_new.then(|| Registration { path, answers: Answers::Redirect, ..handler.clone() })
            })
            .collect();
        self.served.registrations.extend(found);
    }

    fn group(&mut self, group: &Group, at: Span, below: &Below) {
        if below.mounts.len() == DEEPEST {
            self.is_cut_short = true;
            return;
        }
        let mut below = below.clone();
        below.prefix = below.prefix.then(&group.prefix);
        below.mounts.push(Mount { prefix: below.prefix.pattern.clone(), at });
        let until = below.until.take().unwrap_or(usize::MAX);
        for entry in group.entries.iter().take(until) {
            if self.served.registrations.len() + self.served.unknown.len() >= MOST {
                self.is_cut_short = true;
                return;
            }
            self.entry(entry, &below);
        }
    }

    fn entry(&mut self, entry: &Entry, below: &Below) {
        let path = below.prefix.then(&entry.path);
        let doubt = below.doubt.or(entry.doubt);
        let (id, until) = match &entry.what {
            What::Handler(answers) => {
                let why = match doubt {
                    _ if path.has_unknown_parts => "its path is not written as text",
                    Some(Doubt(why)) => why,
                    None => {
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
                return;
            }
            What::Unknown(why) => {
                let unknown = UnknownPaths { below: path.and_below(), at: entry.at, why: (*why).to_owned() };
                self.served.unknown.push(unknown);
                return;
            }
            What::Copied(group, until) => (*group, Some(*until)),
            What::Mounted(group) => (*group, None),
        };
        if let Some(group) = self.interpreter.group(id) {
            let below = Below { prefix: path, mounts: below.mounts.clone(), doubt, until };
            self.group(group, entry.at, &below);
        }
    }
}

/// The path that is redirected to this one.
fn other_slash(path: &PathPattern, redirects: Redirects) -> Option<PathPattern> {
    let (last, before) = path.parts().split_last()?;
    match (last, redirects) {
        (Part::Literal(text), Redirects::Both) if text.ends_with('/') => {
            let without = text.strip_suffix('/').unwrap_or(text);
            let is_root = without.is_empty() && before.is_empty();
            let parts = before.iter().cloned().chain([Part::Literal(without.to_owned())]);
            if is_root { None } else { PathPattern::new(parts) }
        }
        (Part::Rest, _) | (_, Redirects::None) => None,
        (_, Redirects::Both) => path.then(&PathPattern::literal("/")?),
    }
}
