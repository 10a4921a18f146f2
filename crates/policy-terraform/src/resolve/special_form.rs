//! Special forms: functions that need more than the values of their arguments, which are laziness or files.

use policy_text::source::Span;
use policy_text::value::Origin;

use super::evaluation::{Evaluation, for_alternatives, unknown_like};
use super::scope::Scope;
use super::value::Value;
use crate::parse::syntax::{Call, Expr};

/// The value of a call that is evaluated here. `None` for an ordinary function.
pub(super) fn call<'p>(
    evaluation: &Evaluation<'p>,
    call: &Call,
    at: Span,
    scope: Scope<'_, 'p>,
) -> Option<Value> {
    match (&*call.name, call.arguments.as_slice()) {
        ("try", attempts) => Some(try_each(evaluation, attempts, at, scope)),
        ("can", [expression]) => {
            let (value, failed) = evaluation.attempt(|| evaluation.expression(expression, scope));
            Some(match (failed, value.is_unknown()) {
                (true, _) => Value::bool(false, at),
                (false, true) => unknown_like(&value, at),
                (false, false) => Value::bool(true, at),
            })
        }
        ("templatefile", [path, names]) => {
            let path = evaluation.expression(path, scope);
            let names = evaluation.expression(names, scope);
            Some(for_alternatives(&[path, names], at, |values| match values {
                [path, names] => evaluation.template_file(path, names, at),
                _ => Value::unknown_because("there is no template", at),
            }))
        }
        ("templatestring", [template, names]) => {
            let template = evaluation.expression(template, scope);
            let names = evaluation.expression(names, scope);
            Some(for_alternatives(&[template, names], at, |values| match values {
                [template, names] => evaluation.rendered(template, names, at),
                _ => Value::unknown_because("there is no template", at),
            }))
        }
        ("file", [path]) => {
            let path = evaluation.expression(path, scope);
            Some(for_alternatives(&[path], at, |paths| match paths {
                [path] => evaluation.file(path, at),
                _ => Value::unknown_because("there is no path", at),
            }))
        }
        ("fileexists", [path]) => {
            let path = evaluation.expression(path, scope);
            Some(evaluation.file_exists(&path, at))
        }
        ("filebase64" | "fileset" | "pathexpand", _) => {
            Some(Value::unknown(Origin::Call(call.name.clone()), at))
        }
        _ => None,
    }
}

/// The first argument that does not fail. One that is unknown may fail: then either it or a later one is the value.
fn try_each<'p>(evaluation: &Evaluation<'p>, attempts: &[Expr], at: Span, scope: Scope<'_, 'p>) -> Value {
    for attempt in attempts {
        let (value, failed) = evaluation.attempt(|| evaluation.expression(attempt, scope));
        if !failed {
            return value;
        }
    }
    evaluation.fail("no argument of `try` can be evaluated", at)
}
