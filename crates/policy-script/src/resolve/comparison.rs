//! The results of comparisons in production: on a public host, on the scheme's default port, in an optimised build.

use policy_text::value::{Origin, PagePart, Piece, Text};

use super::flags;
use super::value::{Global, Value};
use crate::parse::syntax::Comparison;

/// Whether a value is truthy in production, where that can be known.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Nothing | Value::Global(Global::Native) => Some(false),
        Value::Number(text) => text.known().map(|number| number != "0" && number != "NaN"),
        Value::Text(text) => text_truth(text),
        Value::Global(Global::Named(name)) => flags::by_name(name),
        Value::Unknown(Origin::Call(name) | Origin::Parameter(name), _) | Value::External(_, name) => {
            flags::by_name(name.rsplit('.').next().unwrap_or(name))
        }
        Value::Unknown(..) | Value::Method(..) | Value::Likely(_) => None,
        Value::State(inner) => truth(inner),
        _ => Some(true),
    }
}

/// Whether a value is `null` or `undefined`, where that can be known.
pub(super) fn is_nothing(value: &Value) -> Option<bool> {
    match value {
        Value::Nothing | Value::Global(Global::Native) => Some(true),
        Value::Unknown(..) | Value::External(..) | Value::Global(Global::Named(_)) | Value::Method(..) => {
            None
        }
        Value::Text(text) => match text.pieces() {
            [Piece::Hole(hole)] if !matches!(hole.origin, Origin::Page(_)) => None,
            _ => Some(false),
        },
        _ => Some(false),
    }
}

fn text_truth(text: &Text) -> Option<bool> {
    match text.pieces() {
        [] => Some(false),
        [Piece::Hole(hole)] => match &hole.origin {
            Origin::Page(part) => Some(*part != PagePart::Port),
            Origin::Environment(name) => flags::is_developers_switch(name).then_some(false),
            _ => None,
        },
        _ => Some(true),
    }
}

/// What a comparison comes to in production, where that can be known.
pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let numbers = || {
        let number = |value: &Value| match value {
            Value::Number(text) => text.known()?.parse::<f64>().ok(),
            _ => None,
        };
        Some((number(left)?, number(right)?))
    };
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => equal(left, right).map(|equal| !equal),
        Comparison::Less => numbers().map(|(left, right)| left < right),
        Comparison::AtMost => numbers().map(|(left, right)| left <= right),
        Comparison::Greater => numbers().map(|(left, right)| left > right),
        Comparison::AtLeast => numbers().map(|(left, right)| left >= right),
        Comparison::In | Comparison::Other => None,
    }
}

/// What a value comes to as a condition on a public page that is served over TLS.
pub(super) fn likely(value: &Value) -> Option<bool> {
    match value {
        Value::Likely(outcome) => Some(*outcome),
        value => truth(value),
    }
}

/// What a comparison comes to on such a page, where production alone does not decide it.
pub(super) fn likely_comparison(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    let equal = || match (left, right) {
        (Value::Text(page), Value::Text(known)) | (Value::Text(known), Value::Text(page))
            if page.known().is_none() =>
        {
            likely_equal(page, &known.known()?)
        }
        _ => None,
    };
    match comparison {
        Comparison::Equal => equal(),
        Comparison::NotEqual => equal().map(|equal| !equal),
        _ => None,
    }
}

fn likely_equal(page: &Text, known: &str) -> Option<bool> {
    let [Piece::Hole(hole)] = page.pieces() else { return None };
    match (&hole.origin, known) {
        (Origin::Page(PagePart::Protocol), "https:" | "https") => Some(true),
        (Origin::Page(PagePart::Protocol), "http:" | "http") => Some(false),
        (Origin::Page(_), name) => flags::is_public_host(name).then_some(true),
        _ => None,
    }
}

/// Whether two values are equal in production, where that can be known.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::Nothing | Value::Global(Global::Native), Value::Nothing | Value::Global(Global::Native)) => {
            Some(true)
        }
        (Value::Nothing | Value::Global(Global::Native), other)
        | (other, Value::Nothing | Value::Global(Global::Native)) => match other {
            Value::Unknown(..) | Value::External(..) => None,
            Value::Text(text) if text.holes().any(|hole| !matches!(hole.origin, Origin::Page(_))) => None,
            _ => Some(false),
        },
        (Value::Unknown(..) | Value::External(..), Value::Text(text))
        | (Value::Text(text), Value::Unknown(..) | Value::External(..)) => {
            flags::is_production(&text.known()?)
        }
        (Value::Text(left) | Value::Number(left), Value::Text(right) | Value::Number(right)) => {
            match (left.known(), right.known()) {
                (Some(left), Some(right)) => Some(left == right),
                (Some(known), None) => hole_equals(right, &known),
                (None, Some(known)) => hole_equals(left, &known),
                (None, None) => None,
            }
        }
        _ => None,
    }
}

fn hole_equals(text: &Text, known: &str) -> Option<bool> {
    let [Piece::Hole(hole)] = text.pieces() else { return None };
    match &hole.origin {
        Origin::Page(PagePart::Port) => match known {
            "" => Some(true),
            "80" | "443" => None,
            _ => Some(false),
        },
        Origin::Page(PagePart::Protocol) => {
            (!matches!(known, "http:" | "https:" | "http" | "https")).then_some(false)
        }
        Origin::Page(PagePart::Hostname | PagePart::Host | PagePart::Origin | PagePart::Href) => {
            (known.is_empty() || flags::is_local_text(known)).then_some(false)
        }
        Origin::Environment(name) => flags::variable_equals(name, known),
        _ => None,
    }
}
