//! What a program of Node serves: the registrations that its entry leads to, with the prefixes of all that mounts them.

mod beside;
mod events;
mod files;
mod handler;
mod nest;
mod registered;
mod sockets;
mod step;
mod written;

use std::collections::BTreeSet;

use policy_http::path::PathPattern;
use policy_http::served::{Answers, Mount, Registration, Served, UnknownPaths};
use policy_text::budget::{Budget, TooCostly};
use policy_text::source::{FileId, Span};

use super::evaluation::Evaluation;
use super::modules::Scripts;
use super::tooling::Program;
use super::value::{Conditions, Env, Site, Value};
use crate::parse::invocation::Invocation;
use crate::parse::syntax::{ExprId, ExprKind};
use crate::servers::{self, Dialect, Makes};
use events::{Call, Event, Events, Owner, looks_like_route};
use handler::Handlers;
use registered::Registered;
use step::{
    Path, Step, before_rest, below, is_root, joined, root, with_redirect, with_slash, without_parameter,
};
use written::Written;

/// Registrations of one program.
const MAX_REGISTRATIONS: usize = 20_000;
/// Routers that mount each other.
const MAX_MOUNTS: usize = 24;
/// Calls that are looked at, those of a router as often as it is mounted.
const MAX_CALLS: u64 = 4 * MAX_REGISTRATIONS as u64;

/// What a program serves.
pub fn served(scripts: &Scripts<'_>, program: &Program) -> Served {
    match program {
        Program::Module(entry) => served_from(scripts, *entry),
        Program::Project(folder) => files::served(scripts, folder).unwrap_or_default(),
    }
}

/// What the program serves that begins with the module in `entry`.
fn served_from(scripts: &Scripts<'_>, entry: FileId) -> Served {
    let events = Events::of(scripts, entry);
    let mut program = Serving {
        scripts,
        events,
        handlers: Handlers::new(scripts),
        served: Served::default(),
        budget: Budget::of_steps(MAX_CALLS),
    };
    let everything = PathPattern::everything();
    let whole = Span::start_of(entry);
    for (at, why) in std::mem::take(&mut program.events.unfollowed) {
        program.unknown(everything.clone(), at, why);
    }
    for socket in std::mem::take(&mut program.events.sockets) {
        program.add_sockets(&socket);
    }
    let apps = program.applications();
    if apps.is_empty() {
        program.unknown(everything.clone(), whole, "no application of a framework that is known was found");
    }
    for (owner, dialect, at) in apps {
        // Their routers take paths in whatever case.
        program.served.ignores_case |= matches!(dialect, Dialect::Express | Dialect::Koa);
        if program.has_own_matching(owner, dialect) {
            program.unknown(everything.clone(), at, "an option changes which paths it takes");
        }
        let mount = Mount { prefix: PathPattern::default(), at };
        program.visit(owner, dialect, &Around { mounts: vec![mount], certain: true });
        let is_nest = program.events.made.get(&owner).is_some_and(|made| made.maker.makes == Makes::Nest);
        if let (Owner::Made(file, expr), true) = (owner, is_nest) {
            nest::add(&mut program, &Site { file, expr, env: Env::default() }, at);
        }
    }
    program.served
}

/// What is collected of one program.
struct Serving<'a> {
    scripts: &'a Scripts<'a>,
    events: Events,
    handlers: Handlers<'a>,
    served: Served,
    /// The calls that are still looked at.
    budget: Budget,
}

/// What a router is mounted below.
#[derive(Clone)]
struct Around {
    /// Never empty.
    mounts: Vec<Mount>,
    /// Whether it is certain that production mounts it.
    certain: bool,
}

impl Around {
    fn prefix(&self) -> &PathPattern {
        static ROOT: PathPattern = PathPattern::EMPTY;
        self.mounts.last().map_or(&ROOT, |mount| &mount.prefix)
    }
}

impl Serving<'_> {
    /// The applications that nothing else mounts, each with the call that makes it.
    fn applications(&self) -> Vec<(Owner, Dialect, Span)> {
        let mut mounted: BTreeSet<Owner> = BTreeSet::new();
        for (owner, dialect) in self.events.owners() {
            for event in self.events.of_owner(owner) {
                let steps = self.steps(event, owner, dialect.unwrap_or(Dialect::Express));
                mounted.extend(steps.into_iter().filter_map(|step| match step {
                    Step::Mounts(_, child) => Some(child),
                    _ => None,
                }));
            }
        }
        let apps = self.events.made.iter().filter(|(owner, made)| {
            matches!(made.maker.makes, Makes::App | Makes::Nest) && !mounted.contains(owner)
        });
        apps.map(|(owner, made)| (*owner, made.maker.dialect, made.at)).collect()
    }

    /// Whether an application is made with an option that changes which paths its routes take.
    fn has_own_matching(&self, owner: Owner, dialect: Dialect) -> bool {
        let Owner::Made(file, expr) = owner else { return false };
        let options = self.scripts.module(file).and_then(|module| module.invocation(expr)?.arguments.first());
        let Some(&options) = options else { return false };
        let site = Site { file, expr: options, env: Env::default() };
        let is_given =
            |name: &&'static str| !Evaluation::of_server(self.scripts).option(&site, name).is_empty();
        servers::matching_options(dialect).iter().any(is_given)
    }

    /// Adds all that is registered with an owner.
    fn visit(&mut self, owner: Owner, dialect: Dialect, around: &Around) {
        if self.served.registrations.len() > MAX_REGISTRATIONS || around.mounts.len() > MAX_MOUNTS {
            let (below, at) = (around.prefix().clone(), around.mounts.last().map(|mount| mount.at));
            if let Some((below, at)) = at.map(|at| (below, at)) {
                self.unknown(below, at, "more is mounted here than is followed");
            }
            return;
        }
        let Some(around) = &self.within(owner, around) else { return };
        let events: Vec<Event> = self.events.of_owner(owner).to_vec();
        if let Err(TooCostly { is_first }) = self.budget.spend(1 + events.len()) {
            if let Some(mount) = around.mounts.last().filter(|_| is_first) {
                self.unknown(
                    PathPattern::everything(),
                    mount.at,
                    "it would take too much work to follow its routers",
                );
            }
            return;
        }
        for event in events {
            let Some(when) = self.when(&event) else { continue };
            let certain = around.certain && when == Conditions::default();
            let at = event.at(self.scripts);
            for step in self.steps(&event, owner, dialect) {
                self.step(step, at, dialect, &Around { certain, ..around.clone() });
            }
        }
    }

    /// What is around the registrations of an owner, with the prefix that it was made with. `None` where that is not known.
    fn within(&mut self, owner: Owner, around: &Around) -> Option<Around> {
        let mut around = around.clone();
        let Some(made) = self.events.made.get(&owner) else { return Some(around) };
        let (Owner::Made(file, expr), Dialect::Koa) = (owner, made.maker.dialect) else {
            return Some(around);
        };
        let at = made.at;
        let module = self.scripts.module(file)?;
        let options = module.invocation(expr).and_then(|call| call.arguments.first().copied());
        let site = Site { file, expr, env: Env::default() };
        let mut prefixes = options.map_or_else(Vec::new, |options| {
            Evaluation::of_server(self.scripts).option(&site.beside(options), "prefix")
        });
        // `router.prefix("/path")`, before or after the routes.
        let by_call = |event: &&Event| matches!(&event.call, Call::Method(name) if &**name == "prefix");
        let calls: Vec<Event> = self.events.of_owner(owner).iter().filter(by_call).cloned().collect();
        let is_certain = calls.iter().all(|call| self.when(call) == Some(Conditions::default()));
        for call in &calls {
            let module = self.scripts.module(call.site.file)?;
            if let ExprKind::Call(_, arguments) = &module[call.site.expr].kind {
                prefixes.extend(Evaluation::of_server(self.scripts).argument(&call.site, arguments, 0));
            }
        }
        let is_one = is_certain && (calls.is_empty() || prefixes.len() == 1);
        for prefix in prefixes {
            let known = match &prefix.value {
                Value::Text(text) if is_one => {
                    text.known().map(|known| written::written(&known, Dialect::Koa))
                }
                _ => None,
            };
            let Some(Written::Known(prefix)) = known else {
                let all = below(around.prefix()).unwrap_or_default();
                self.unknown(all, at, "the prefix is not written out");
                return None;
            };
            let prefix = joined(around.prefix(), &prefix)?;
            around.mounts.push(Mount { prefix, at });
        }
        Some(around)
    }

    fn step(&mut self, step: Step, at: Span, dialect: Dialect, around: &Around) {
        match step {
            Step::Answers(paths, answers) => {
                for path in paths {
                    self.register(path, &answers, at, dialect, around);
                }
            }
            Step::Mounts(paths, child) => {
                for path in paths {
                    match path {
                        Path::Known(path) => {
                            let Some(prefix) = joined(around.prefix(), &path) else { continue };
                            let mut mounts = around.mounts.clone();
                            mounts.push(Mount { prefix, at });
                            let dialect =
                                self.events.made.get(&child).map_or(dialect, |made| made.maker.dialect);
                            self.visit(child, dialect, &Around { mounts, ..around.clone() });
                        }
                        Path::Below(below) => {
                            let below = joined(around.prefix(), &below);
                            self.unknown(below.unwrap_or_default(), at, "the prefix is not written out");
                        }
                    }
                }
            }
            Step::Unknown(paths, why) => {
                for path in paths {
                    let (Path::Known(path) | Path::Below(path)) = path;
                    let Some(start) = joined(around.prefix(), &path) else { continue };
                    let all: Vec<PathPattern> = if is_root(&start) {
                        vec![PathPattern::everything()]
                    } else {
                        std::iter::once(start.clone()).chain(below(&start)).collect()
                    };
                    // `/x/*` of Hono takes `/x` too.
                    let base = before_rest(&start).filter(|_| dialect == Dialect::Hono);
                    for below in all.into_iter().chain(base) {
                        self.unknown(below, at, &why);
                    }
                }
            }
        }
    }

    fn register(&mut self, path: Path, answers: &Answers, at: Span, dialect: Dialect, around: &Around) {
        match path {
            Path::Known(path) => {
                let is_prefix = is_root(&path);
                let Some(path) = joined(around.prefix(), &path) else { return };
                // A slash at the end means nothing to Express.
                let path = if dialect == Dialect::Express { path.without_last_slash() } else { path };
                let path = if path.parts().is_empty() { root() } else { path };
                if !around.certain {
                    return self.unknown(path, at, "whether production registers it is unknown");
                }
                let slash = match dialect {
                    _ if *answers == Answers::Sockets => None,
                    Dialect::Express | Dialect::Koa => with_slash(&path),
                    // The path is the prefix of a plug-in, or its last parameter is empty.
                    Dialect::Fastify if is_prefix => with_slash(&path),
                    Dialect::Fastify => without_parameter(&path),
                    Dialect::Hono => before_rest(&path),
                };
                let (answers, mounts) = (answers.clone(), around.mounts.clone());
                let registration = Registration { path, answers, at, mounts };
                self.served.registrations.extend(with_redirect(registration, slash));
            }
            Path::Below(below) => {
                let below = joined(around.prefix(), &below);
                self.unknown(below.unwrap_or_default(), at, "the path is not written out");
            }
        }
    }

    /// Adds the paths at which a server of sockets takes them.
    fn add_sockets(&mut self, server: &events::SocketServer) {
        let Some(when) = self.when(&server.event) else { return };
        let at = server.event.at(self.scripts);
        let Some(path) = sockets::path(self.scripts, server).filter(|_| when == Conditions::default()) else {
            let everything = PathPattern::everything();
            return self.unknown(everything, at, "it takes sockets at paths that are not written out");
        };
        let (answers, mounts) = (Answers::Sockets, Vec::new());
        self.served.registrations.push(Registration { path, answers, at, mounts });
    }

    fn unknown(&mut self, below: PathPattern, at: Span, why: &str) {
        self.served.unknown.push(UnknownPaths { below, at, why: why.to_owned() });
    }

    /// Under which conditions an event happens in production. `None` where it does not.
    fn when(&self, event: &Event) -> Option<Conditions> {
        let module = self.scripts.module(event.site.file)?;
        Evaluation::of_server(self.scripts).conditions(&event.site, module, event.guard, None)
    }

    /// What an event does, before anything around it is known.
    fn steps(&self, event: &Event, owner: Owner, dialect: Dialect) -> Vec<Step> {
        let Some(module) = self.scripts.module(event.site.file) else { return Vec::new() };
        let Some(Invocation { callee, arguments, .. }) = module.invocation(event.site.expr) else {
            return Vec::new();
        };
        match &event.call {
            Call::Computed => {
                let everywhere = vec![Path::Known(PathPattern::default())];
                vec![Step::Unknown(
                    everywhere,
                    "the method that registers here is not written out".to_owned(),
                )]
            }
            Call::Argument(index) => self.given(event, callee, *index),
            Call::Method(name) => {
                let (scripts, handlers) = (self.scripts, &self.handlers);
                let registered = Registered { scripts, handlers, event, module, arguments, dialect };
                match self.events.made.get(&owner).map(|made| made.maker.makes) {
                    // A provider, unless it has a path.
                    Some(Makes::Nest) if &**name == "get" && !looks_like_route(module, arguments) => {
                        Vec::new()
                    }
                    makes => registered.steps(name, makes == Some(Makes::Route)),
                }
            }
        }
    }

    /// What a function does that is given an owner.
    fn given(&self, event: &Event, callee: ExprId, index: usize) -> Vec<Step> {
        let everywhere = || vec![Path::Known(PathPattern::default())];
        let mut steps = Vec::new();
        for callee in Evaluation::of_server(self.scripts).expr(&event.site.beside(callee)) {
            match callee.value {
                Value::Function(file, function, _) => {
                    steps.push(Step::Mounts(everywhere(), Owner::Parameter(file, function, index)));
                }
                Value::Class(file, class, _) => {
                    let constructor = self.scripts.module(file).and_then(|module| module[class].constructor);
                    steps.extend(constructor.map(|constructor| {
                        Step::Mounts(everywhere(), Owner::Parameter(file, constructor, index))
                    }));
                }
                Value::External(package, _) | Value::Made(package, ..) if servers::is_passive(&package) => {}
                Value::Method(base, _) => match &*base {
                    Value::External(package, _) | Value::Made(package, ..)
                        if servers::is_passive(package) => {}
                    Value::Global(_) | Value::Array(_) => {}
                    _ => steps.push(unfollowed(everywhere())),
                },
                Value::Global(_) => {}
                _ => steps.push(unfollowed(everywhere())),
            }
        }
        steps
    }
}

fn unfollowed(paths: Vec<Path>) -> Step {
    Step::Unknown(paths, "what this call does with the application is not known".to_owned())
}
