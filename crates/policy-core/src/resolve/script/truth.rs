//! What conditions come to in production: on a public host, on the scheme's own port, in an optimised build.

use super::value::{Global, Value};
use crate::parse::script::syntax::Comparison;
use crate::resolve::{Origin, PagePart, Piece, Text};

/// Whether a value is truthy in production, where that can be known.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Nothing => Some(false),
        Value::Number(text) => text.known().map(|number| number != "0" && number != "NaN"),
        Value::Text(text) => text_truth(text),
        Value::Global(Global::Named(name)) => flag_by_name(name),
        Value::Unknown(..) | Value::External(..) | Value::Method(..) | Value::HostParts => None,
        Value::State(inner) => truth(inner),
        _ => Some(true),
    }
}

/// Whether a value is `null` or `undefined`, where that can be known.
pub(super) fn is_nothing(value: &Value) -> Option<bool> {
    match value {
        Value::Nothing => Some(true),
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
            _ => None,
        },
        _ => Some(true),
    }
}

/// What a flag comes to whose name is all that is known of it.
pub(super) fn flag_by_name(name: &str) -> Option<bool> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match plain.as_str() {
        "dev" | "isdev" | "development" | "isdevelopment" | "devmode" | "isdevmode" | "isdevenv"
        | "islocal" | "islocalhost" | "isdevelopmentmode" => Some(false),
        "prod" | "isprod" | "production" | "isproduction" | "isproductionmode" => Some(true),
        _ => None,
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
        Comparison::Other => None,
    }
}

/// Whether two values are equal in production, where that can be known.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        (Value::Nothing, Value::Nothing) => Some(true),
        (Value::Nothing, other) | (other, Value::Nothing) => match other {
            Value::Unknown(..) | Value::External(..) => None,
            Value::Text(text) if text.holes().any(|hole| !matches!(hole.origin, Origin::Page(_))) => None,
            _ => Some(false),
        },
        (Value::Unknown(..) | Value::External(..), Value::Text(text))
        | (Value::Text(text), Value::Unknown(..) | Value::External(..)) => names_stage(&text.known()?),
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
        Origin::Page(PagePart::Protocol) if known.starts_with("file") => Some(false),
        Origin::Page(PagePart::Hostname | PagePart::Host | PagePart::Origin | PagePart::Href) => {
            (known.is_empty() || is_local_text(known)).then_some(false)
        }
        Origin::Environment(name) => environment_equals(name, known),
        _ => None,
    }
}

/// What is compared with the name of a stage is the stage.
fn names_stage(known: &str) -> Option<bool> {
    match known.to_ascii_lowercase().as_str() {
        "development" | "dev" | "debug" => Some(false),
        "production" | "prod" => Some(true),
        _ => None,
    }
}

/// A variable that names the stage is that of production.
fn environment_equals(name: &str, known: &str) -> Option<bool> {
    let name = name.to_ascii_uppercase();
    if !["ENV", "MODE", "STAGE"].iter().any(|word| name.split('_').any(|part| part.ends_with(word))) {
        return None;
    }
    match known.to_ascii_lowercase().as_str() {
        "development" | "dev" | "local" | "localhost" | "test" | "testing" | "debug" => Some(false),
        "production" | "prod" => Some(true),
        _ => None,
    }
}

/// Whether `text` contains `needle` in production, where that can be known.
pub(super) fn contains(text: &Text, needle: &str) -> Option<bool> {
    if let Some(known) = text.known() {
        return Some(known.contains(needle));
    }
    if text.pieces().iter().filter_map(Piece::as_literal).any(|literal| literal.contains(needle)) {
        return Some(true);
    }
    let [Piece::Hole(hole)] = text.pieces() else { return None };
    let Origin::Page(_) = hole.origin else { return None };
    let port = needle.trim_start_matches(':');
    let names_port = port.len() >= 4 && port.parse::<u16>().is_ok();
    (names_port || is_local_text(needle)).then_some(false)
}

/// Whether a pattern matches a text in production: one that speaks of a developer's machine does not match a page.
pub(super) fn matches(text: &Text, pattern: &str) -> Option<bool> {
    let page = text.holes().any(|hole| matches!(hole.origin, Origin::Page(_)));
    (page && is_local_text(&pattern.replace('\\', ""))).then_some(false)
}

/// Whether a text speaks of the developer's own machine.
pub(super) fn is_local_text(text: &str) -> bool {
    ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1", "192.168.", ".local", "10.0.2.2"]
        .iter()
        .any(|word| text.contains(word))
        || matches!(text, "local" | "127" | "127.")
}
