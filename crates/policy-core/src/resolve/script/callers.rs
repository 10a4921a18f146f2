//! Who calls a function: its parameters are what the callers give.

use std::collections::BTreeSet;

use super::modules::Scripts;
use super::value::{Env, Site};
use crate::parse::script::Module;
use crate::parse::script::syntax::{Export, ExprId, ExprKind, FunctionId, Imported, Owner};
use crate::source::FileId;

/// Functions of modules.
pub(super) type Functions = BTreeSet<(FileId, FunctionId)>;

/// Calls of one function that are looked at.
pub(super) const MAX_CALLS: usize = 16;

/// The calls of one function.
#[derive(Default)]
pub(super) struct Calls {
    /// The arguments of each call.
    pub(super) given: Vec<Env>,
    /// Whether there are more calls than are looked at.
    pub(super) more: bool,
}

/// The calls of `function` in its own module and in those that may open a socket.
pub(super) fn calls_of(scripts: &Scripts<'_>, file: FileId, function: FunctionId) -> Calls {
    let Some(home) = scripts.module(file) else { return Calls::default() };
    let exported = exported_names(home, function);
    let mut calls = calls_in(file, home, |callee, made| called_at_home(home, callee, made) == Some(function));
    for (other, module) in scripts.candidates() {
        if *other == file || exported.is_empty() || calls.len() > MAX_CALLS {
            continue;
        }
        calls.extend(calls_in(*other, module, |callee, _| {
            let Some((request, name)) = imported(module, callee) else { return false };
            exported.contains(&&**name) && scripts.resolve(request, *other).contains(&file)
        }));
    }
    let more = calls.len() > MAX_CALLS;
    calls.truncate(MAX_CALLS);
    let given = calls.into_iter().map(|arguments| Env::default().call(file, function, arguments)).collect();
    Calls { given, more }
}

fn calls_in(file: FileId, module: &Module, is_called: impl Fn(ExprId, bool) -> bool) -> Vec<Vec<Site>> {
    let calls = module.candidates.iter().filter_map(|candidate| match &module[candidate.expr].kind {
        ExprKind::Call(callee, arguments) => is_called(*callee, false).then_some(arguments),
        ExprKind::New(callee, arguments) => is_called(*callee, true).then_some(arguments),
        _ => None,
    });
    calls
        .map(|arguments| arguments.iter().map(|&expr| Site { file, expr, env: Env::default() }).collect())
        .collect()
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

/// The names under which a module exports a function, or the class that it constructs.
fn exported_names(module: &Module, function: FunctionId) -> Vec<&str> {
    module
        .exports
        .iter()
        .filter(|(_, export)| match export {
            Export::Local(value) => {
                [false, true].iter().any(|&made| called_at_home(module, *value, made) == Some(function))
            }
            Export::From(..) => false,
        })
        .map(|(name, _)| &**name)
        .collect()
}

/// The module and the name that a callee is imported from.
fn imported(module: &Module, callee: ExprId) -> Option<(&str, &std::sync::Arc<str>)> {
    let ExprKind::Name(used) = &module[callee].kind else { return None };
    let binding = &module[module.lookup(&used.name, used.scope)?];
    match &module[binding.definitions.first()?.value].kind {
        ExprKind::Import(request, Imported::Name(name)) => Some((&module[*request].specifier, name)),
        _ => None,
    }
}
