//! What happens to the applications and routers of a program: calls of their methods, and of functions that they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy_text::source::{FileId, Span};
use policy_text::value::Origin;

use super::super::evaluation::Evaluation;
use super::super::modules::Scripts;
use super::super::value::{Env, Global, Site, Value};
use super::beside;
use crate::parse::Module;
use crate::parse::invocation::Invocation;
use crate::parse::syntax::{BindingId, Candidate, ExprId, ExprKind, FunctionId, GuardId};
use crate::requesters;
use crate::servers::{self, Dialect, Maker, Sockets};

/// Modules that one program is made of.
const MAX_MODULES: usize = 4_000;

/// What has registrations: what a call made, or what a function is given at this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    Made(FileId, ExprId),
    Parameter(FileId, FunctionId, usize),
}

/// What made an owner.
#[derive(Clone)]
pub(super) struct MadeBy {
    pub(super) maker: Maker,
    pub(super) at: Span,
}

/// A call that does something with an owner.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) site: Site,
    pub(super) guard: Option<GuardId>,
    pub(super) call: Call,
}

#[derive(Clone, Debug)]
pub(super) enum Call {
    /// A method of it is called.
    Method(Arc<str>),
    /// It is the argument at this place.
    Argument(usize),
    /// A method whose name is not written out.
    Computed,
}

/// All events of a program.
#[derive(Default)]
pub(super) struct Events {
    by_owner: BTreeMap<Owner, Vec<Event>>,
    pub(super) made: BTreeMap<Owner, MadeBy>,
    /// What looks like a registration with something that is not known.
    pub(super) unfollowed: Vec<(Span, &'static str)>,
    pub(super) sockets: Vec<SocketServer>,
}

/// A call that makes a server of sockets.
pub(super) struct SocketServer {
    pub(super) event: Event,
    pub(super) sockets: Sockets,
}

impl Events {
    /// Those of the modules that the one in `entry` leads to.
    pub(super) fn of(scripts: &Scripts<'_>, entry: FileId) -> Self {
        let mut events = Self::default();
        let reachable = reachable(scripts, entry);
        if reachable.len() >= MAX_MODULES {
            let why = "it has more modules than are followed";
            events.unfollowed.push((Span::start_of(entry), why));
        }
        for file in reachable {
            let Some(module) = scripts.module(file) else { continue };
            let may_make =
                module.page_requests().iter().any(|request| servers::is_package(&request.specifier));
            let mut names = Names::default();
            for candidate in &module.candidates {
                events.add(scripts, &mut names, file, module, candidate, may_make);
            }
            for (router, value) in beside::set_on_router(module) {
                let site = Site { file, expr: router, env: Env::default() };
                if let Known::Owner(Owner::Made(..), _) = names.registered_with(scripts, module, &site) {
                    let at = Span::new(file, module[value].range());
                    events.unfollowed.push((at, "what is set here changes what the router answers"));
                }
            }
        }
        events
    }

    pub(super) fn of_owner(&self, owner: Owner) -> &[Event] {
        self.by_owner.get(&owner).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every owner that something happens to, with its dialect where that is known.
    pub(super) fn owners(&self) -> impl Iterator<Item = (Owner, Option<Dialect>)> {
        self.by_owner.keys().map(|owner| (*owner, self.made.get(owner).map(|made| made.maker.dialect)))
    }

    fn add(
        &mut self,
        scripts: &Scripts<'_>,
        names: &mut Names,
        file: FileId,
        module: &Module,
        candidate: &Candidate,
        may_make: bool,
    ) {
        let Some(Invocation { callee, arguments, .. }) = module.invocation(candidate.expr) else { return };
        let site = Site { file, expr: candidate.expr, env: Env::default() };
        let event = |call| Event { site: site.clone(), guard: candidate.guard, call };
        if may_make {
            self.add_made(scripts, &event(Call::Argument(0)), arguments);
        }
        if let ExprKind::Member(base, name) = &module[callee].kind {
            let base = site.beside(*base);
            if servers::may_register(name) {
                match names.registered_with(scripts, module, &base) {
                    Known::Owner(owner, made) => {
                        if let Some(made) = made {
                            self.made.insert(owner, made);
                        }
                        self.by_owner.entry(owner).or_default().push(event(Call::Method(name.clone())));
                        return;
                    }
                    Known::Nothing if looks_like_route(module, arguments) => {
                        let at = Span::new(file, module[candidate.expr].range());
                        self.unfollowed.push((at, "what this registers with is not known"));
                        return;
                    }
                    Known::Other | Known::Nothing => {}
                }
            }
            if let Some(why) = beside::answers_beside(scripts, module, &site, &base, (name, arguments)) {
                self.unfollowed.push((Span::new(file, module[candidate.expr].range()), why));
            }
        }
        if let Some(why) = beside::starts_another(scripts, module, &site, callee, arguments) {
            self.unfollowed.push((Span::new(file, module[candidate.expr].range()), why));
        }
        if let ExprKind::Index(base, _) = &module[callee].kind {
            if let Known::Owner(owner, _) = names.registered_with(scripts, module, &site.beside(*base)) {
                self.by_owner.entry(owner).or_default().push(event(Call::Computed));
            }
            return;
        }
        for (index, &argument) in arguments.iter().enumerate() {
            if may_be_owner(module, argument)
                && let Known::Owner(owner, made) =
                    names.registered_with(scripts, module, &site.beside(argument))
            {
                if let Some(made) = made {
                    self.made.insert(owner, made);
                }
                self.by_owner.entry(owner).or_default().push(event(Call::Argument(index)));
            }
        }
    }

    /// Adds what a call makes by itself: an application that nothing registers with is one too.
    fn add_made(&mut self, scripts: &Scripts<'_>, event: &Event, arguments: &[ExprId]) {
        let mut evaluation = Evaluation::of_server(scripts);
        let at = event.at(scripts);
        for value in evaluation.expr(&event.site) {
            let Value::Made(package, export, made_by) = &value.value else { continue };
            if made_by.expr != event.site.expr {
                continue;
            }
            if let Some(maker) = servers::maker(package, export) {
                self.made.insert(Owner::Made(made_by.file, made_by.expr), MadeBy { maker, at });
            }
            if let Some(sockets) = servers::sockets(package, export) {
                self.sockets.push(SocketServer { event: event.clone(), sockets });
            }
            let takes_function = |&argument: &ExprId| {
                let values = Evaluation::of_server(scripts).expr(&event.site.beside(argument));
                values.iter().any(|value| matches!(value.value, Value::Function(..)))
            };
            if servers::is_bare(package, export) && arguments.iter().any(takes_function) {
                self.unfollowed.push((at, "the function looks at paths by itself"));
            }
            if servers::answers_probes(package) {
                self.unfollowed.push((at, "it answers probes by itself"));
            }
        }
    }
}

impl Event {
    pub(super) fn at(&self, scripts: &Scripts<'_>) -> Span {
        match scripts.module(self.site.file) {
            Some(module) => Span::new(self.site.file, module[self.site.expr].range()),
            None => Span::start_of(self.site.file),
        }
    }
}

/// The owner that an expression is.
pub(super) fn owner_of(scripts: &Scripts<'_>, site: &Site) -> Option<Owner> {
    match registered_with(scripts, site) {
        Known::Owner(owner, _) => Some(owner),
        Known::Other | Known::Nothing => None,
    }
}

/// What is known of the names of one module: most are used many times.
#[derive(Default)]
struct Names(BTreeMap<BindingId, Known>);

impl Names {
    fn registered_with(&mut self, scripts: &Scripts<'_>, module: &Module, site: &Site) -> Known {
        let ExprKind::Name(used) = &module[site.expr].kind else { return registered_with(scripts, site) };
        match module.lookup(&used.name, used.scope) {
            Some(binding) => self.0.entry(binding).or_insert_with(|| registered_with(scripts, site)).clone(),
            None => registered_with(scripts, site),
        }
    }
}

/// What is known of something that may have registrations.
#[derive(Clone)]
enum Known {
    Owner(Owner, Option<MadeBy>),
    /// It is something else.
    Other,
    Nothing,
}

fn registered_with(scripts: &Scripts<'_>, site: &Site) -> Known {
    let Some(module) = scripts.module(site.file) else { return Known::Nothing };
    if let ExprKind::Name(used) = &module[site.expr].kind
        && let Some(ExprKind::Parameter(function, index)) = module.defined_as(used)
    {
        return Known::Owner(Owner::Parameter(site.file, *function, *index), None);
    }
    if let Some((owner, made)) = found(scripts, site) {
        return Known::Owner(owner, Some(made));
    }
    let mut evaluation = Evaluation::of_server(scripts);
    let values = evaluation.expr(site);
    let [only] = values.as_slice() else { return Known::Nothing };
    match &only.value {
        // What the constructor of a class was given, or a function around.
        Value::Unknown(Origin::Parameter(name), _) => {
            let asked = evaluation.entered_by_none.iter().find_map(|&(file, function)| {
                let parameters = &scripts.module(file)?[function].parameters;
                let index = parameters.iter().position(|parameter| parameter.name == *name)?;
                Some(Owner::Parameter(file, function, index))
            });
            asked.map_or(Known::Nothing, |owner| Known::Owner(owner, None))
        }
        Value::Unknown(..) | Value::Global(Global::Named(_)) => Known::Nothing,
        Value::External(package, name) if requesters::client(package, name).is_none() => Known::Nothing,
        Value::Made(package, name, _) if !requesters::is_maker(package, name) => Known::Nothing,
        Value::Method(base, _) if matches!(**base, Value::External(..) | Value::Made(..)) => Known::Nothing,
        _ => Known::Other,
    }
}

/// The owner that an expression is, where a framework made it.
fn found(scripts: &Scripts<'_>, site: &Site) -> Option<(Owner, MadeBy)> {
    let mut evaluation = Evaluation::of_server(scripts);
    let values = evaluation.expr(site);
    values.iter().find_map(|value| match &value.value {
        Value::Made(package, export, made_by) => {
            let maker = servers::maker(package, export)?;
            let at = evaluation.span(made_by);
            Some((Owner::Made(made_by.file, made_by.expr), MadeBy { maker, at }))
        }
        _ => None,
    })
}

/// Whether an argument is worth a look: a name, or a field.
fn may_be_owner(module: &Module, argument: ExprId) -> bool {
    match &module[argument].kind {
        ExprKind::Name(used) => module.defined_as(used).is_some_and(|kind| {
            !matches!(
                kind,
                ExprKind::String(_) | ExprKind::Function(_) | ExprKind::Object(_) | ExprKind::Array(_)
            )
        }),
        ExprKind::Member(base, _) => matches!(module[*base].kind, ExprKind::This(_)),
        _ => false,
    }
}

/// Whether arguments are those of a registration: a path, and a function behind it.
pub(super) fn looks_like_route(module: &Module, arguments: &[ExprId]) -> bool {
    let [path, .., last] = arguments else { return false };
    let is_path = matches!(&module[*path].kind, ExprKind::String(text) if text.starts_with('/'));
    is_path && matches!(module[*last].kind, ExprKind::Function(_))
}

/// The modules that one leads to by what it names, itself first.
pub(super) fn reachable(scripts: &Scripts<'_>, entry: FileId) -> Vec<FileId> {
    let mut seen = BTreeSet::from([entry]);
    let mut found = vec![entry];
    let mut next = 0;
    while let Some(&file) = found.get(next)
        && found.len() < MAX_MODULES
    {
        next += 1;
        let Some(module) = scripts.module(file) else { continue };
        for request in module.page_requests() {
            for target in scripts.resolve(&request.specifier, file) {
                if seen.insert(target) {
                    found.push(target);
                }
            }
        }
    }
    found
}
