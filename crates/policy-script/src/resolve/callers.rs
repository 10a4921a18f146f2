//! The callers of a function: their arguments are the values of its parameters.

use std::collections::BTreeSet;

use policy_text::source::{FileId, Span};

use super::task::Task;
use super::tooling::Delivery;
use super::value::{Env, Site, Value};
use crate::parse::Module;
use crate::parse::invocation::Invocation;
use crate::parse::syntax::{
    ClassId, Export, ExprId, ExprKind, FunctionId, Imported, Owner, Property, RequestId,
};

/// Functions of modules.
pub(super) type Functions = BTreeSet<(FileId, FunctionId)>;

/// How far calls of one function are looked for.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Calls that are looked at.
    pub(super) calls: usize,
    /// Modules that are looked through.
    pub(super) modules: usize,
}

/// Packages whose functions take the key of a request and the function that they call with it.
const CACHES: [&str; 4] = ["swr", "swr/immutable", "swr/infinite", "swr/mutation"];

/// Bytes that are looked through as fast as one expression is looked at.
const BYTES_LOOKED_AT: usize = 64;

/// One call of a function.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) at: Span,
    pub(super) arguments: Vec<Site>,
}

/// The calls of one function that production makes.
#[derive(Default)]
pub(super) struct Calls {
    pub(super) given: Vec<Call>,
    /// Whether there may be more calls than were looked at.
    pub(super) more: bool,
}

/// The calls of `function` in its own module and in those that import it, also by way of others.
pub(super) fn calls_of(task: &Task<'_>, file: FileId, function: FunctionId, limits: Limits) -> Calls {
    let scripts = task.scripts;
    let Some(home) = scripts.module(file) else { return Calls::default() };
    if !task.pay_for(home.exprs.len() + home.bindings.len() + home.exports.len()) {
        return Calls::default();
    }
    let (names, exported) = (names_of(home, function), exported_names(home, function));
    let called = Called { file, function, names, exported };
    let mut calls = Calls { given: called.in_module(task, file, home, &[]), more: false };
    if called.exported.is_empty() && called.names.is_empty() {
        return calls.bounded(limits);
    }
    // The module, and those that pass its exports on.
    let mut offering = vec![file];
    let mut seen = BTreeSet::from([file]);
    let mut next = 0;
    while let Some(&offered) = offering.get(next) {
        next += 1;
        let pays = task.pay_for(scripts.importing_files());
        for importer in scripts.importers(offered) {
            if !pays || calls.more || calls.given.len() > limits.calls {
                return calls.bounded(limits);
            }
            let is_out = seen.contains(&importer) || scripts.tooling.is_for_development(importer);
            if is_out || !called.may_be_mentioned(task, importer) {
                continue;
            }
            seen.insert(importer);
            calls.more |= seen.len() > limits.modules;
            let Some(module) = scripts.module(importer) else { continue };
            let requests = requests_of(task, importer, module, &offering);
            if requests.is_empty() {
                continue;
            }
            if passes_on(module, &requests) {
                offering.push(importer);
            }
            calls.given.extend(called.in_module(task, importer, module, &requests));
        }
    }
    calls.bounded(limits)
}

impl Calls {
    fn bounded(mut self, limits: Limits) -> Self {
        self.more |= self.given.len() > limits.calls;
        self.given.truncate(limits.calls);
        self
    }
}

/// A function whose calls are looked for.
struct Called<'m> {
    file: FileId,
    function: FunctionId,
    /// What it is called in its own module, as a function, a method or a property.
    names: BTreeSet<&'m str>,
    /// The names under which its module exports it, or the class that it constructs.
    exported: BTreeSet<&'m str>,
}

impl Called<'_> {
    fn may_be_mentioned(&self, task: &Task<'_>, file: FileId) -> bool {
        let words = self.exported.iter().chain(&self.names).copied().chain(["export *"]);
        self.exported.contains("default")
            || (task.pay_for(task.scripts.length(file) / BYTES_LOOKED_AT)
                && task.scripts.mentions(file, words))
    }

    /// Its calls in one module, which imports it by one of `requests`.
    fn in_module(&self, task: &Task<'_>, file: FileId, module: &Module, requests: &[RequestId]) -> Vec<Call> {
        let site = |expr| Site { file, expr, env: Env::default() };
        if !task.pay_for(module.candidates.len()) {
            return Vec::new();
        }
        let calls = module.candidates.iter().filter_map(|candidate| {
            let Invocation { callee, arguments, made } = module.invocation(candidate.expr)?;
            let arguments = if self.is_called(task, &site(callee), module, made, requests) {
                arguments
            } else {
                self.handed_to_cache(task, &site(callee), module, arguments, requests)?
            };
            let runs = || {
                let evaluation = &mut task.evaluation();
                evaluation.conditions(&site(candidate.expr), module, candidate.guard, None).is_some()
            };
            runs().then(|| Call {
                at: Span::new(file, module[candidate.expr].range()),
                arguments: arguments.iter().map(|&argument| site(argument)).collect(),
            })
        });
        let calls: Vec<Call> = calls.collect();
        if calls.is_empty() || file == self.file {
            return calls;
        }
        match task.scripts.delivery(file, module) {
            Delivery::Browser(_) | Delivery::Unknown => calls,
            Delivery::Server(_) | Delivery::Development(_) => Vec::new(),
        }
    }

    fn is_called(
        &self,
        task: &Task<'_>,
        callee: &Site,
        module: &Module,
        made: bool,
        requests: &[RequestId],
    ) -> bool {
        let at_home =
            callee.file == self.file && called_at_home(module, callee.expr, made) == Some(self.function);
        at_home
            || self.is_imported(task, callee, module, requests)
            || (self.may_be(module, callee.expr, requests) && self.is_value(task, callee, made))
    }

    /// The arguments that a cache of requests calls the function with, where it is handed to one: `useSWR(key, fetcher)`.
    fn handed_to_cache<'c>(
        &self,
        task: &Task<'_>,
        callee: &Site,
        module: &Module,
        arguments: &'c [ExprId],
        requests: &[RequestId],
    ) -> Option<&'c [ExprId]> {
        let [_, function, ..] = arguments else { return None };
        let ExprKind::Name(used) = &module[callee.expr].kind else { return None };
        let ExprKind::Import(request, _) = module.defined_as(used)? else { return None };
        let is_cache = CACHES.contains(&&*module[*request].specifier);
        let is_it = || self.is_called(task, &callee.beside(*function), module, false, requests);
        (is_cache && is_it()).then(|| arguments.get(..1)).flatten()
    }

    /// Whether a callee is imported from the function's own module by a name that stands for it there, also where a call
    /// is around it: `export const View = memo(…)`.
    fn is_imported(&self, task: &Task<'_>, callee: &Site, module: &Module, requests: &[RequestId]) -> bool {
        let ExprKind::Name(used) = &module[callee.expr].kind else { return false };
        match module.defined_as(used) {
            Some(ExprKind::Import(request, Imported::Name(name))) => {
                requests.contains(request)
                    && self.exported.contains(&**name)
                    && task.scripts.leads_to(&module[*request].specifier, callee.file, self.file)
            }
            _ => false,
        }
    }

    /// Whether a callee is worth evaluating: most are called something else.
    fn may_be(&self, module: &Module, callee: ExprId, requests: &[RequestId]) -> bool {
        let named = |name: &str| self.names.contains(name) || self.exported.contains(name);
        match &module[callee].kind {
            ExprKind::Member(_, name) => named(name),
            ExprKind::Name(used) => match module.defined_as(used) {
                Some(ExprKind::Import(request, _)) => requests.contains(request),
                // `const { connect } = useSocket()`
                Some(ExprKind::Member(_, name)) => named(name),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether what is called evaluates to the function or its class.
    fn is_value(&self, task: &Task<'_>, callee: &Site, made: bool) -> bool {
        let constructs = |class: ClassId| {
            task.scripts.module(self.file).is_some_and(|home| home[class].constructor == Some(self.function))
        };
        task.evaluation().expr(callee).iter().any(|value| match value.value {
            Value::Function(file, function, _) => (file, function) == (self.file, self.function),
            Value::Class(file, class, _) => made && file == self.file && constructs(class),
            _ => false,
        })
    }
}

/// The requests by which a module imports one of `offering`.
fn requests_of(task: &Task<'_>, file: FileId, module: &Module, offering: &[FileId]) -> Vec<RequestId> {
    let leads_there = |request: RequestId| {
        let specifier = &module[request].specifier;
        offering.iter().any(|&offered| task.scripts.leads_to(specifier, file, offered))
    };
    if !task.pay_for(module.requests.len() * offering.len()) {
        return Vec::new();
    }
    module.all_requests().filter(|&request| leads_there(request)).collect()
}

/// Whether a module exports what it imports by one of `requests`.
fn passes_on(module: &Module, requests: &[RequestId]) -> bool {
    let exported = module.exports.values().filter_map(|export| match export {
        Export::From(request, _) => Some(*request),
        Export::Local(value) => match &module[*value].kind {
            ExprKind::Name(used) => match module.defined_as(used)? {
                ExprKind::Import(request, _) => Some(*request),
                _ => None,
            },
            _ => None,
        },
    });
    exported.chain(module.stars.iter().copied()).any(|request| requests.contains(&request))
}

/// The function of the same module that a callee is.
fn called_at_home(module: &Module, callee: ExprId, made: bool) -> Option<FunctionId> {
    match &module[callee].kind {
        ExprKind::Function(function) => Some(*function),
        ExprKind::Class(class) if made => module[*class].constructor,
        ExprKind::Name(used) => {
            let binding = &module[module.lookup(&used.name, used.scope)?];
            let [only] = binding.definitions.as_slice() else { return None };
            match &module[only.value].kind {
                ExprKind::Name(_) => None,
                // `memo(…)`, `useCallback(…)`, `debounce(…)`
                ExprKind::Call(_, arguments) => called_at_home(module, *arguments.first()?, false),
                _ => called_at_home(module, only.value, made),
            }
        }
        ExprKind::Member(base, name) => match module[*base].kind {
            ExprKind::This(Some(Owner::Class(class))) => module[class].methods.get(name).copied(),
            _ => None,
        },
        _ => None,
    }
}

/// The names of a function in its own module: its variable's, its method's, its property's.
fn names_of(module: &Module, function: FunctionId) -> BTreeSet<&str> {
    let is_it = |value: ExprId| called_at_home(module, value, false) == Some(function);
    let mut names = BTreeSet::new();
    for scope in &module.scopes {
        let bound =
            scope.names.iter().filter(|(_, binding)| match module[**binding].definitions.as_slice() {
                [only] => match &module[only.value].kind {
                    ExprKind::Call(_, arguments) => arguments.first().is_some_and(|&wrapped| is_it(wrapped)),
                    _ => is_it(only.value),
                },
                _ => false,
            });
        names.extend(bound.map(|(name, _)| &**name));
    }
    for class in &module.classes {
        let methods = class.methods.iter().filter(|(_, method)| **method == function);
        names.extend(methods.map(|(name, _)| &**name));
        let fields = class.statics.iter().chain(&class.fields);
        let fields = fields.filter(|(_, given)| given.iter().any(|definition| is_it(definition.value)));
        names.extend(fields.map(|(name, _)| &**name));
    }
    for expr in &module.exprs {
        let ExprKind::Object(properties) = &expr.kind else { continue };
        names.extend(properties.iter().filter_map(|property| match property {
            Property::Value(name, value) if is_it(*value) => Some(&**name),
            _ => None,
        }));
    }
    names
}

/// The names under which a module exports a function, or the class that it constructs.
fn exported_names(module: &Module, function: FunctionId) -> BTreeSet<&str> {
    let exported = module.exports.iter().filter(|(_, export)| match export {
        Export::Local(value) => {
            [false, true].iter().any(|&made| called_at_home(module, *value, made) == Some(function))
        }
        Export::From(..) => false,
    });
    exported.map(|(name, _)| &**name).collect()
}
