//! What expressions look like that matter for what becomes of a request.

use crate::frameworks::walk;
use crate::parse::syntax::{Expr, Kind as Expression, Statement};

/// The methods of a class by which it looks at requests.
pub(super) const METHODS: [&str; 7] = [
    "dispatch",
    "__call__",
    "process_request",
    "process_view",
    "process_response",
    "process_template_response",
    "__acall__",
];

/// What holds the path of a request, or decides what answers it.
pub(super) const PATHS: [&str; 9] = [
    "PATH_INFO",
    "RAW_URI",
    "REQUEST_URI",
    "SCRIPT_NAME",
    "path",
    "path_info",
    "raw_path",
    "root_path",
    "urlconf",
];

pub(super) fn is_method(name: &str) -> bool {
    METHODS.contains(&name) || ["wsgi_app", "full_dispatch_request", "dispatch_request"].contains(&name)
}

/// Whether a statement gives back what has that name, by itself.
pub(super) fn gives(statement: &Statement, name: &str) -> bool {
    matches!(statement, Statement::Return(Some(value)) if is_one_of(value, &[name]))
}

/// Whether an expression is one of these names.
pub(super) fn is_one_of(expression: &Expr, names: &[&str]) -> bool {
    matches!(&expression.kind, Expression::Name(name) if names.contains(&&**name))
}

pub(super) fn is_method_of_self(function: &Expr) -> bool {
    matches!(&function.kind, Expression::Attribute(of, _) if of.is_named(&["self", "cls"]))
}

pub(super) fn is_attribute_of_self(target: &Expr, name: &str) -> bool {
    matches!(&target.kind, Expression::Attribute(of, own) if **own == *name && of.is_named(&["self"]))
}

/// Whether statements set that attribute of `self`.
pub(super) fn sets(body: &[Statement], name: &str) -> bool {
    let mut found = false;
    walk::statements(body, &mut |statement| {
        found |= matches!(statement, Statement::Assign { targets, .. } if targets.iter().any(|target| is_attribute_of_self(target, name)));
    });
    found
}

/// The names that statements set, each with what to where that is an expression of its own.
pub(super) fn set_by(body: &[Statement]) -> Vec<(&str, Option<&Expr>)> {
    let mut set = Vec::new();
    walk::statements(body, &mut |statement| match statement {
        Statement::Assign { targets, value } => {
            for target in targets {
                named_by(target, Some(value), &mut set);
            }
        }
        Statement::Extend { target, .. } | Statement::For { target, .. } => named_by(target, None, &mut set),
        Statement::With { items, .. } => {
            for target in items.iter().filter_map(|(_, target)| target.as_ref()) {
                named_by(target, None, &mut set);
            }
        }
        _ => {}
    });
    set
}

fn named_by<'e>(target: &'e Expr, value: Option<&'e Expr>, set: &mut Vec<(&'e str, Option<&'e Expr>)>) {
    match &target.kind {
        Expression::Name(name) => set.push((name, value)),
        Expression::List(targets) => {
            for target in targets {
                named_by(target, None, set);
            }
        }
        Expression::Spread(target) => named_by(target, None, set),
        _ => {}
    }
}

/// Whether a request gets another path here: `{**scope, "path": …}`, `dict(scope, path=…)`.
pub(super) fn changes_path(value: &Expr) -> bool {
    match &value.kind {
        Expression::Dict(entries) => {
            let mut keys = entries.iter().filter_map(|(key, _)| key.as_ref()?.as_text());
            keys.any(|key| PATHS.contains(&key)) && entries.iter().any(|(key, _)| key.is_none())
        }
        Expression::Call(call) => {
            let makes_scope = value.is_named(&["dict", "update"]);
            makes_scope
                && (PATHS.iter().any(|path| value.named(path).is_some())
                    || call.positional.iter().any(|given| match &given.kind {
                        Expression::Dict(entries) => entries.iter().any(|(key, _)| {
                            key.as_ref().and_then(Expr::as_text).is_some_and(|key| PATHS.contains(&key))
                        }),
                        _ => false,
                    }))
                || call.positional.iter().any(changes_path)
        }
        _ => false,
    }
}
