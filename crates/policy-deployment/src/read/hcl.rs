//! Values in bake files and in job files of Nomad: strings with variables in them, lists, and both branches of a condition.

use std::collections::BTreeMap;

use policy_terraform::parse::syntax::{Access, Expr, ExprKind, Part};
use policy_text::source::Span;
use policy_text::value::alternatives::{Alternatives, append};
use policy_text::value::{Origin, Text, ci_variables};

/// Variables by name.
pub(crate) type Values = BTreeMap<String, Alternatives>;

/// The texts that an expression can be.
pub(crate) fn text(expression: &Expr, values: &Values) -> Alternatives {
    let at = expression.at;
    match &expression.kind {
        ExprKind::String(text) => vec![Text::literal(text.clone(), at)],
        ExprKind::Number(number) => vec![Text::literal(number.to_string(), at)],
        ExprKind::Template(parts) => parts.iter().fold(vec![Text::empty()], |mut before, part| {
            let next = match part {
                Part::Literal(text, at) => vec![Text::literal(text.clone(), *at)],
                Part::Interpolation(inner) => text(inner, values),
                Part::If(_) | Part::For(_) => unknown(at),
            };
            append(&mut before, &next, at);
            before
        }),
        ExprKind::Variable(name) => match values.get(&**name) {
            Some(known) => used(known, name, at),
            None => vec![Text::hole(ci_variables::origin_of(name), at)],
        },
        ExprKind::Access(..) => match path(expression) {
            Some(path) => match values.get(&path) {
                Some(known) => used(known, &path, at),
                None => vec![Text::hole(Origin::Parameter(path.into()), at)],
            },
            None => unknown(at),
        },
        ExprKind::Conditional(parts) => {
            let [_, then, otherwise] = &**parts;
            let mut both = text(then, values);
            both.extend(text(otherwise, values));
            both
        }
        ExprKind::Call(call) if &*call.name == "timestamp" => {
            vec![Text::hole(Origin::Unique("timestamp".into()), at)]
        }
        ExprKind::Call(call) => vec![Text::hole(Origin::Call(call.name.clone()), at)],
        _ => unknown(at),
    }
}

/// The items of a list, each with its place. A text on its own is a list of one.
pub(crate) fn items(expression: &Expr, values: &Values) -> Vec<(Alternatives, Span)> {
    match &expression.kind {
        ExprKind::List(list) => list.iter().flat_map(|item| items(item, values)).collect(),
        ExprKind::Conditional(parts) => {
            let [_, then, otherwise] = &**parts;
            [then, otherwise].into_iter().flat_map(|branch| items(branch, values)).collect()
        }
        ExprKind::Call(call) if matches!(&*call.name, "concat" | "compact" | "distinct" | "flatten") => {
            call.arguments.iter().flat_map(|argument| items(argument, values)).collect()
        }
        ExprKind::For(_) => Vec::new(),
        _ => {
            // An empty text in a list of tags is none.
            let texts = text(expression, values).into_iter().filter(|text| !text.is_empty()).collect();
            vec![(texts, expression.at)]
        }
    }
}

/// The entries of a mapping whose names are written out.
pub(crate) fn entries(expression: &Expr) -> Vec<(String, &Expr)> {
    match &expression.kind {
        ExprKind::Object(entries) => {
            entries.iter().filter_map(|(key, value)| Some((key.as_literal()?.to_owned(), value))).collect()
        }
        _ => Vec::new(),
    }
}

/// `var.tag`
fn path(expression: &Expr) -> Option<String> {
    let ExprKind::Access(base, accesses) = &expression.kind else { return None };
    let (ExprKind::Variable(base), [Access::Name(name)]) = (&base.kind, &**accesses) else { return None };
    Some(format!("{base}.{name}"))
}

fn used(known: &Alternatives, name: &str, at: Span) -> Alternatives {
    known.iter().map(|value| value.through(at, format!("`{name}` is used here"))).collect()
}

fn unknown(at: Span) -> Alternatives {
    vec![Text::hole(Origin::Other("a value that is not followed".into()), at)]
}
