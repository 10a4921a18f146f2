//! Special forms: functions that need more than the values of their arguments, which are laziness or files.

use policy_text::source::Span;
use policy_text::value::Origin;

use super::evaluator::{Evaluator, for_alternatives, unknown_like};
use super::scope::Scope;
use super::value::Value;
use crate::parse::syntax::{Call, Expr};

/// The value of a call that is evaluated here. `None` for an ordinary function.
pub(super) fn call<'p>(
    evaluator: &Evaluator<'p>,
    call: &Call,
    at: Span,
    scope: Scope<'_, 'p>,
) -> Option<Value> {
    match (&*call.name, call.arguments.as_slice()) {
        ("try", attempts) => Some(try_each(evaluator, attempts, at, scope)),
        ("can", [expression]) => {
            let (value, failed) = evaluator.attempt(|| evaluator.expression(expression, scope));
            Some(match (failed, value.is_unknown()) {
                (true, _) => Value::bool(false, at),
                (false, true) => unknown_like(&value, at),
                (false, false) => Value::bool(true, at),
            })
        }
        ("templatefile", [path, names]) => {
            let path = evaluator.expression(path, scope);
            let names = evaluator.expression(names, scope);
            Some(for_alternatives(&[path, names], at, |values| match values {
                [path, names] => evaluator.template_file(path, names, at),
                _ => Value::unknown_because("there is no template", at),
            }))
        }
        ("templatestring", [template, names]) => {
            let template = evaluator.expression(template, scope);
            let names = evaluator.expression(names, scope);
            Some(for_alternatives(&[template, names], at, |values| match values {
                [template, names] => evaluator.rendered(template, names, at),
                _ => Value::unknown_because("there is no template", at),
            }))
        }
        ("file", [path]) => {
            let path = evaluator.expression(path, scope);
            Some(for_alternatives(&[path], at, |paths| match paths {
                [path] => evaluator.file(path, at),
                _ => Value::unknown_because("there is no path", at),
            }))
        }
        ("fileexists", [path]) => {
            let path = evaluator.expression(path, scope);
            Some(evaluator.file_exists(&path, at))
        }
        ("filebase64" | "fileset" | "pathexpand", _) => {
            Some(Value::unknown(Origin::Call(call.name.clone()), at))
        }
        _ => None,
    }
}

/// The first argument that does not fail. One that is unknown may fail: then either it or a later one is the value.
fn try_each<'p>(evaluator: &Evaluator<'p>, attempts: &[Expr], at: Span, scope: Scope<'_, 'p>) -> Value {
    for attempt in attempts {
        let (value, failed) = evaluator.attempt(|| evaluator.expression(attempt, scope));
        if !failed {
            return value;
        }
    }
    evaluator.fail("no argument of `try` can be evaluated", at)
}
