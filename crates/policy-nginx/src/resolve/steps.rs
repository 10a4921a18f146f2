//! `rewrite`, `return` and `break`, in the order in which they run.

use super::expressions::Expressions;
use super::scope::Scope;
use crate::model::{Step, Then};
use crate::parse::Directive;

/// The step that `directive` is, if it is one.
pub(super) fn step(directive: &Directive, scope: &Scope, expressions: &mut Expressions) -> Option<Step> {
    match (directive.name.text.as_str(), directive.arguments.as_slice()) {
        ("break", []) => Some(Step::Break),
        ("return", [only]) if !only.text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Step::Return { status: Some(302), to: Some(scope.value(only).0) })
        }
        ("return", [status, rest @ ..]) => Some(Step::Return {
            status: status.text.parse().ok(),
            to: rest.first().map(|to| scope.value(to).0),
        }),
        ("rewrite", [expression, replacement, flags @ ..]) => {
            let leaves =
                ["http://", "https://", "$scheme"].iter().any(|start| replacement.text.starts_with(start));
            let then = match flags.first().map(|flag| flag.text.as_str()) {
                Some("permanent") => Then::Redirect(301),
                Some("redirect") => Then::Redirect(302),
                _ if leaves => Then::Redirect(302),
                Some("last") => Then::Search,
                Some("break") => Then::Stop,
                _ => Then::Continue,
            };
            Some(Step::Rewrite {
                expression: expressions.compile(&expression.text, false),
                replacement: replacement.text.clone(),
                then,
            })
        }
        _ => None,
    }
}
