//! What conditions come to in production: on a public host, on the scheme's own port, in an optimised build.

use policy_text::purpose;
use policy_text::value::{Origin, PagePart, Piece, Text};

use super::value::{Global, Value};
use crate::parse::syntax::Comparison;

/// Whether a value is truthy in production, where that can be known.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Nothing | Value::Global(Global::Native) => Some(false),
        Value::Number(text) => text.known().map(|number| number != "0" && number != "NaN"),
        Value::Text(text) => text_truth(text),
        Value::Global(Global::Named(name)) => flag_by_name(name),
        Value::Unknown(Origin::Call(name) | Origin::Parameter(name), _) | Value::External(_, name) => {
            flag_by_name(name.rsplit('.').next().unwrap_or(name))
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
            Origin::Environment(name) => is_developers_switch(name).then_some(false),
            _ => None,
        },
        _ => Some(true),
    }
}

/// What a flag comes to whose name is all that is known of it: `isDev`, `useMocks`, `debugMode`.
pub(super) fn flag_by_name(name: &str) -> Option<bool> {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if OF_INSTALLED.contains(&plain.as_str()) {
        return Some(false);
    }
    let asked = plain.strip_prefix("is");
    let used = plain.strip_prefix("use");
    let word = asked.or(used).unwrap_or(&plain);
    let word = word.strip_suffix("mode").or_else(|| word.strip_suffix("env")).unwrap_or(word);
    let is_off = purpose::says_mock(word)
        || used.is_none() && purpose::says_plain_development(word)
        || asked.is_some() && purpose::says_local(word);
    if is_off { Some(false) } else { (used.is_none() && purpose::is_production(word)).then_some(true) }
}

/// What an application asks that also has a front end in browsers.
const OF_INSTALLED: [&str; 9] = [
    "iselectron",
    "istauri",
    "iscordova",
    "iscapacitor",
    "isdesktop",
    "isdesktopapp",
    "isnative",
    "isnativeapp",
    "isnativeplatform",
];

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
        (Origin::Page(_), name) => is_public_name(name).then_some(true),
        _ => None,
    }
}

/// Whether a text looks like the name of a public host.
pub(super) fn is_public_name(text: &str) -> bool {
    let end = text.trim_start_matches("https://").rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && !is_local_text(text)
        && end.len() >= 2
        && end.chars().all(|letter| letter.is_ascii_alphabetic())
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
        Origin::Page(PagePart::Protocol) => {
            (!matches!(known, "http:" | "https:" | "http" | "https")).then_some(false)
        }
        Origin::Page(PagePart::Hostname | PagePart::Host | PagePart::Origin | PagePart::Href) => {
            (known.is_empty() || is_local_text(known)).then_some(false)
        }
        Origin::Environment(name) => environment_equals(name, known),
        _ => None,
    }
}

/// What is compared with the name of a stage is the stage.
fn names_stage(known: &str) -> Option<bool> {
    if purpose::says_plain_development(known) {
        return Some(false);
    }
    purpose::is_production(known).then_some(true)
}

/// A variable that names the stage is that of production.
fn environment_equals(name: &str, known: &str) -> Option<bool> {
    if is_developers_switch(name) && !matches!(known, "false" | "0" | "off" | "no") {
        return Some(false);
    }
    let name = name.to_ascii_uppercase();
    if !["ENV", "ENVIRONMENT", "MODE", "STAGE"]
        .iter()
        .any(|word| name.split('_').any(|part| part.ends_with(word)))
    {
        return None;
    }
    if purpose::is_local_mode(known) {
        return Some(false);
    }
    purpose::is_production(known).then_some(true)
}

/// Whether a variable of the environment switches on what only developers want: `USE_MOCK`, `VITE_ENABLE_LOCAL`. What
/// nothing in the repository sets is off.
fn is_developers_switch(name: &str) -> bool {
    let any = |says: fn(&str) -> bool| name.split('_').any(says);
    any(|part| purpose::says_mock(part) || part.eq_ignore_ascii_case("debug"))
        || any(switches_on) && any(purpose::is_local_mode)
}

fn switches_on(word: &str) -> bool {
    ["use", "enable", "is", "force"].iter().any(|verb| word.eq_ignore_ascii_case(verb))
}

/// Whether a name is of what desktop applications add to their windows: `electronAPI`, `__TAURI__`, `ddClient`.
pub(super) fn is_native_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["electron", "tauri", "ddclient"].iter().any(|tool| name.contains(tool))
}

/// Whether a text speaks of the developer's own machine.
pub(super) fn is_local_text(text: &str) -> bool {
    ["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "::1", "192.168.", ".local", "10.0.2.2"]
        .iter()
        .any(|word| text.contains(word))
        || text.starts_with("^127")
        || matches!(text, "local" | "127" | "127.")
}
