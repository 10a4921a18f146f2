//! Goes through the statements and expressions of a function.

use crate::parse::syntax::{Expr, Function, Kind, Statement};

/// Goes through statements and those in them, but not through functions that they define.
pub(super) fn statements<'s>(body: &'s [Statement], see: &mut impl FnMut(&'s Statement)) {
    for statement in body {
        see(statement);
        match statement {
            // A browser asks by it what it may send: whatever is answered is no answer to anything else.
            Statement::If { test, otherwise, .. } if is_preflight(test) => statements(otherwise, see),
            Statement::If { body, otherwise, .. } => {
                statements(body, see);
                statements(otherwise, see);
            }
            Statement::For { body, .. } | Statement::Perhaps { body, .. } | Statement::With { body, .. } => {
                statements(body, see);
            }
            Statement::Try { body, handlers, otherwise, .. } => {
                statements(body, see);
                for handler in handlers {
                    statements(handler, see);
                }
                statements(otherwise, see);
            }
            _ => {}
        }
    }
}

/// `request.method == "OPTIONS"`
fn is_preflight(test: &Expr) -> bool {
    match &test.kind {
        Kind::Equal { left, right, negated: false } => {
            left.is_named(&["method"]) && right.as_text() == Some("OPTIONS")
        }
        Kind::And(operands) => operands.iter().any(is_preflight),
        _ => false,
    }
}

/// The functions that statements define.
pub(super) fn functions(body: &[Statement]) -> Vec<&Function> {
    let mut found = Vec::new();
    statements(body, &mut |statement| {
        if let Statement::Function(function) = statement {
            found.push(&**function);
        }
    });
    found
}

/// The expressions that a statement holds by itself.
pub(super) fn of_statement(statement: &Statement) -> Vec<&Expr> {
    match statement {
        Statement::Assign { targets, value } => targets.iter().chain([value]).collect(),
        Statement::Extend { target, value } => vec![target, value],
        Statement::Expression(value) | Statement::Return(Some(value)) | Statement::Raise(Some(value)) => {
            vec![value]
        }
        Statement::If { test, .. } => vec![test],
        Statement::For { iterated, .. } => vec![iterated],
        Statement::With { items, .. } => items.iter().map(|(context, _)| context).collect(),
        _ => Vec::new(),
    }
}

/// Goes through an expression and those in it.
pub(super) fn expressions<'s>(expression: &'s Expr, see: &mut impl FnMut(&'s Expr)) {
    see(expression);
    match &expression.kind {
        Kind::Attribute(one, _) | Kind::Spread(one) | Kind::Not(one) => expressions(one, see),
        Kind::Item(one, other) | Kind::Add(one, other) => {
            expressions(one, see);
            expressions(other, see);
        }
        Kind::Equal { left, right, .. } | Kind::In { left, right, .. } => {
            expressions(left, see);
            expressions(right, see);
        }
        Kind::Format(all) | Kind::List(all) | Kind::And(all) | Kind::Or(all) => {
            for one in all {
                expressions(one, see);
            }
        }
        Kind::Call(call) => {
            expressions(&call.function, see);
            for one in call.positional.iter().chain(call.named.iter().map(|(_, value)| value)) {
                expressions(one, see);
            }
        }
        Kind::Dict(entries) => {
            for (key, value) in entries {
                if let Some(key) = key {
                    expressions(key, see);
                }
                expressions(value, see);
            }
        }
        Kind::Either { test, then, otherwise } => {
            for one in [test, then, otherwise] {
                expressions(one, see);
            }
        }
        Kind::Each { each, iterated, .. } => {
            expressions(each, see);
            expressions(iterated, see);
        }
        Kind::Other
        | Kind::None
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::Text(_)
        | Kind::Name(_)
        | Kind::Lambda => {}
    }
}
