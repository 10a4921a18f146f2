//! What code of the repository does with the requests that pass it. Only what is seen to hand on each of them as it came, and
//! the answer from behind as it is, or to refuse them, passes them on.

mod judge;
mod roles;
mod shape;
mod told;

use super::passive;
use crate::resolve::Interpreter;
use crate::resolve::value::{Callable, ClassId, Value};
use judge::Judge;
use roles::{Roles, roles_of};
use shape::METHODS;

/// Whether middleware, or an application of the repository around another, passes on every request.
pub(super) fn passes_on<'m>(interpreter: &mut Interpreter<'m, '_>, middleware: &Value<'m>) -> bool {
    match middleware {
        Value::External(name) => passive::passes_on(name),
        Value::Function(function) => {
            let roles = roles_of(function.function, usize::from(function.bound.is_some()));
            let class = bound_class(interpreter, function);
            Judge { interpreter, class, depth: 0 }.passes(function.function, function.scope, &roles)
        }
        Value::Class(class) => class_passes(interpreter, *class, &METHODS),
        Value::Instance(instance) => match interpreter.class_of(*instance) {
            Some(class) => class_passes(interpreter, class, &METHODS),
            None => false,
        },
        _ => false,
    }
}

/// Which parameter of a function is the answer from behind, or the error that becomes one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    None,
    At(usize),
    Last,
}

/// Whether a function that runs beside handlers gives no answer of its own, but for refusals.
pub(super) fn leaves_answer<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    function: &Value<'m>,
    answer: Answer,
) -> bool {
    let Value::Function(callable) = function else { return false };
    let class = bound_class(interpreter, callable);
    let parameters: Vec<&str> = callable
        .function
        .parameters
        .iter()
        .skip(usize::from(callable.bound.is_some()))
        .map(|parameter| &*parameter.name)
        .collect();
    let behind = match answer {
        Answer::None => None,
        Answer::At(position) => parameters.get(position),
        Answer::Last => parameters.last(),
    };
    let roles = Roles { behind: behind.into_iter().copied().collect(), ..Roles::default() };
    Judge { interpreter, class, depth: 0 }.passes(callable.function, callable.scope, &roles)
}

/// Whether a method that a class of the repository has in place of its framework's own passes on every request.
pub(super) fn overridden_passes<'m>(
    interpreter: &mut Interpreter<'m, '_>,
    class: ClassId,
    method: &Callable<'m>,
) -> bool {
    let roles = roles_of(method.function, 1);
    Judge { interpreter, class: Some(class), depth: 0 }.passes(method.function, method.scope, &roles)
}

/// Whether each of the methods of a class that have one of these names passes on every request, of which there is one.
pub(super) fn class_passes(interpreter: &mut Interpreter<'_, '_>, class: ClassId, names: &[&str]) -> bool {
    if interpreter.inherits_unknown(class) {
        return false;
    }
    let bases = interpreter.outer_bases(class);
    if !bases.iter().all(|base| passive::passes_as_base(base)) {
        return false;
    }
    let methods: Vec<Callable<'_>> = names
        .iter()
        .flat_map(|name| interpreter.definitions(class, name))
        .filter_map(|value| match value {
            Value::Function(method) => Some(method),
            _ => None,
        })
        .collect();
    if methods.is_empty() {
        return bases.iter().any(|base| passive::passes_on(base));
    }
    methods.iter().all(|method| {
        let roles = roles_of(method.function, 1);
        let mut judge = Judge { interpreter: &mut *interpreter, class: Some(class), depth: 0 };
        judge.passes(method.function, method.scope, &roles)
    })
}

fn bound_class(interpreter: &Interpreter<'_, '_>, function: &Callable<'_>) -> Option<ClassId> {
    match function.bound.as_deref() {
        Some(Value::Instance(instance)) => interpreter.class_of(*instance),
        Some(Value::Group(group)) => interpreter.class_of_group(*group),
        Some(Value::Class(class)) => Some(*class),
        _ => None,
    }
}
