//! `format` and `formatlist`: a string with verbs, and the values that take their places.

use std::sync::Arc;

use policy_text::value::{Piece, Provenance, Text};

use super::arguments::{Call, Outcome, Stop, first_unknown, known, number_of, text_value};
use super::function::Function;
use super::json;
use super::limits::MAX_STRING;
use crate::resolve::Number;
use crate::resolve::value::{Data, List, More, Value};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::at_least(1, "format", format), Function::at_least(1, "formatlist", formatlist)];

/// One `%…` of a format string.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of a verb, each on or off")]
struct Verb {
    plus: bool,
    minus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
    /// The position of the argument, from 1, where it is given.
    index: Option<usize>,
    mode: char,
}

enum Part {
    Literal(Arc<str>, Provenance),
    Verb(Verb),
}

fn format(call: &Call<'_>) -> Outcome {
    let parts = parse(&call.text(0)?)?;
    let values: Vec<&Value> = call.arguments.iter().skip(1).collect();
    fill(call, &parts, &values)
}

/// One result for every element of the lists among the arguments; all other arguments are the same each time.
fn formatlist(call: &Call<'_>) -> Outcome {
    let parts = parse(&call.text(0)?)?;
    let mut length = None;
    for value in call.arguments.iter().skip(1) {
        match &value.data {
            Data::List(list) => {
                if let Some(more) = &list.more {
                    return Ok(unknown_list(call, more.clone()));
                }
                if length.replace(list.items.len()).is_some_and(|length| length != list.items.len()) {
                    return Err("the lists are of different lengths".into());
                }
            }
            Data::Unknown(_) | Data::Reference(_) => {
                let (origin, at) = super::arguments::why_unknown(value);
                return Ok(unknown_list(call, More { after: 0, origin, at }));
            }
            _ => {}
        }
    }
    let mut items = Vec::new();
    let mut size = 0;
    for row in 0..length.unwrap_or(1) {
        let values: Vec<&Value> = call
            .arguments
            .iter()
            .skip(1)
            .map(|value| value.as_list().and_then(|list| list.items.get(row)).unwrap_or(value))
            .collect();
        let item = match fill(call, &parts, &values) {
            Err(Stop::Unknown(value)) => value,
            other => other?,
        };
        size += item.to_text().as_ref().map_or(0, Text::len);
        if size > MAX_STRING {
            return Err(call.unknown("the value is too large"));
        }
        items.push(item);
    }
    Ok(call.made_list(List { items, ..List::default() }))
}

fn unknown_list(call: &Call<'_>, more: More) -> Value {
    call.made_list(List { items: Vec::new(), more: Some(More { after: 0, ..more }), is_set: false })
}

/// Splits the format at its verbs. A hole may hold verbs of its own: then nothing is known of the result.
fn parse(format: &Text) -> Outcome<Vec<Part>> {
    let mut parts = Vec::new();
    for piece in format.pieces() {
        match piece {
            Piece::Hole(hole) => return Err(Stop::Unknown(Value::unknown(hole.origin.clone(), hole.at))),
            Piece::Literal(literal, from) => parse_literal(literal, from, &mut parts)?,
        }
    }
    Ok(parts)
}

fn parse_literal(literal: &str, from: &Provenance, parts: &mut Vec<Part>) -> Result<(), String> {
    let mut rest = literal;
    while let Some(at) = rest.find('%') {
        let (before, verb) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(Part::Literal(before.into(), from.clone()));
        }
        rest = verb.get(1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('%') {
            parts.push(Part::Literal("%".into(), from.clone()));
            rest = after;
        } else {
            parts.push(Part::Verb(parse_verb(&mut rest)?));
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.into(), from.clone()));
    }
    Ok(())
}

fn parse_verb(rest: &mut &str) -> Result<Verb, String> {
    let mut verb = Verb::default();
    loop {
        let flag = match rest.chars().next() {
            Some('+') => &mut verb.plus,
            Some('-') => &mut verb.minus,
            Some(' ') => &mut verb.space,
            Some('0') => &mut verb.zero,
            Some('#') => &mut verb.sharp,
            _ => break,
        };
        *flag = true;
        *rest = rest.get(1..).unwrap_or_default();
    }
    verb.width = digits(rest)?.unwrap_or(0);
    if let Some(after) = rest.strip_prefix('.') {
        *rest = after;
        verb.precision = Some(digits(rest)?.unwrap_or(0));
    }
    if let Some(after) = rest.strip_prefix('[') {
        *rest = after;
        verb.index =
            Some(digits(rest)?.filter(|&index| index > 0).ok_or("an index in the format is no number")?);
        *rest = rest.strip_prefix(']').ok_or("an index in the format is not closed")?;
    }
    verb.mode =
        rest.chars().next().filter(char::is_ascii_alphabetic).ok_or("a `%` in the format has no verb")?;
    *rest = rest.get(1..).unwrap_or_default();
    Ok(verb)
}

fn digits(rest: &mut &str) -> Result<Option<usize>, String> {
    let end = rest.find(|next: char| !next.is_ascii_digit()).unwrap_or(rest.len());
    let (number, after) = rest.split_at(end);
    *rest = after;
    match number.parse() {
        _ if number.is_empty() => Ok(None),
        Ok(number) if number <= MAX_STRING => Ok(Some(number)),
        _ => Err("a width in the format is too large".to_owned()),
    }
}

fn fill(call: &Call<'_>, parts: &[Part], values: &[&Value]) -> Outcome {
    let (mut text, mut next, mut highest, mut length) = (Text::empty(), 0, 0, 0);
    for part in parts {
        match part {
            Part::Literal(literal, from) => {
                length += literal.len();
                text.push(Piece::Literal(literal.clone(), from.clone()));
            }
            Part::Verb(verb) => {
                let index = verb.index.map_or(next, |index| index - 1);
                next = index + 1;
                highest = highest.max(next);
                let value = values.get(index).ok_or("the format has more verbs than there are arguments")?;
                let filled = apply(call, verb, value)?;
                length += filled.len();
                text.append(&filled);
            }
        }
        if length > MAX_STRING {
            return Err(call.unknown("the value is too large"));
        }
    }
    if highest < values.len() {
        return Err("there are more arguments than verbs in the format".into());
    }
    Ok(text_value(text, call.at))
}

fn apply(call: &Call<'_>, verb: &Verb, value: &Value) -> Outcome<Text> {
    let is_plain = verb.width == 0 && verb.precision.is_none();
    let is_string = matches!(verb.mode, 's' | 'v') && !verb.sharp;
    if is_string
        && is_plain
        && let Data::String(text) = &value.data
    {
        return Ok(text.clone());
    }
    if value.is_null() && verb.mode != 'v' {
        return Err("`null` cannot be formatted".into());
    }
    if let Some((origin, at)) = first_unknown(value, 0) {
        return match (&value.data, verb.mode) {
            (Data::List(_) | Data::Object(_), 'v') if is_plain => {
                Ok(json::encode(value, 0).unwrap_or_else(|| Text::hole(origin, at)))
            }
            _ => Ok(Text::hole(origin, at)),
        };
    }
    let text = match verb.mode {
        'v' => as_is(verb, value)?,
        't' => value.as_bool().ok_or("a bool is needed")?.to_string(),
        's' => value.as_string().ok_or_else(|| format!("a string is needed, not {}", value.kind()))?,
        'q' => quoted(&value.as_string().ok_or("a string is needed")?),
        'd' | 'b' | 'o' | 'x' | 'X' => return integer(call, verb, number_of(value)?),
        'e' | 'E' | 'f' | 'g' | 'G' => return float(call, verb, number_of(value)?),
        mode => return Err(format!("there is no format verb `{mode}`").into()),
    };
    let text = match (verb.precision, verb.mode) {
        (Some(precision), 's' | 'q') => text.chars().take(precision).collect(),
        _ => text,
    };
    Ok(Text::literal_from(padded(&text, verb, false), value.from.clone()))
}

fn as_is(verb: &Verb, value: &Value) -> Outcome<String> {
    if let (false, Data::Number(number)) = (verb.sharp, &value.data) {
        let sign = if number.as_f64() < 0.0 { "-" } else { "" };
        return Ok(format!("{sign}{}", shortest(number.as_f64().abs())));
    }
    if let (false, Some(text)) = (verb.sharp, value.as_string()) {
        return Ok(text);
    }
    let text = json::encode(value, 0).ok_or("the value is nested too deeply")?;
    known(&text)
}

fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    json::escape(text, &mut json);
    json.push('"');
    json
}

fn integer(call: &Call<'_>, verb: &Verb, number: Number) -> Outcome<Text> {
    let number = number.as_integer().ok_or("a whole number is needed")?;
    let magnitude = number.unsigned_abs();
    let digits = match verb.mode {
        'b' => format!("{magnitude:b}"),
        'o' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        _ => magnitude.to_string(),
    };
    let digits = match verb.precision {
        Some(precision) => format!("{digits:0>precision$}"),
        None => digits,
    };
    let prefix = match (verb.sharp, verb.mode) {
        (true, 'o') => "0",
        (true, 'x') => "0x",
        (true, 'X') => "0X",
        (true, 'b') => "0b",
        _ => "",
    };
    Ok(Text::literal(signed(verb, number < 0, &format!("{prefix}{digits}")), call.at))
}

fn float(call: &Call<'_>, verb: &Verb, number: Number) -> Outcome<Text> {
    let value = number.as_f64();
    let magnitude = value.abs();
    let digits = match (verb.mode, verb.precision) {
        ('f', precision) => match number.as_integer() {
            Some(whole) if precision.unwrap_or(6) == 0 => whole.unsigned_abs().to_string(),
            Some(whole) => format!("{}.{}", whole.unsigned_abs(), "0".repeat(precision.unwrap_or(6))),
            None => format!("{magnitude:.*}", precision.unwrap_or(6)),
        },
        ('e' | 'E', precision) => exponent(&format!("{magnitude:.*e}", precision.unwrap_or(6))),
        (_, None) => shortest(magnitude),
        _ => return Err(call.unknown("the precision of `%g` is not followed")),
    };
    let digits = if matches!(verb.mode, 'E' | 'G') { digits.to_uppercase() } else { digits };
    Ok(Text::literal(signed(verb, value < 0.0, &digits), call.at))
}

/// As few digits as tell the number from its neighbours, with an exponent where that is far from zero.
fn shortest(magnitude: f64) -> String {
    let scientific = format!("{magnitude:e}");
    let power: i32 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    if (-4..6).contains(&power) {
        return magnitude.to_string();
    }
    exponent(&scientific)
}

/// Go writes at least two digits of an exponent, and its sign.
fn exponent(text: &str) -> String {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

fn signed(verb: &Verb, is_negative: bool, digits: &str) -> String {
    let sign = match (is_negative, verb.plus, verb.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    if verb.zero
        && !verb.minus
        && verb.precision.is_none_or(|_| !matches!(verb.mode, 'd' | 'b' | 'o' | 'x' | 'X'))
    {
        let width = verb.width.saturating_sub(sign.len());
        return format!("{sign}{digits:0>width$}");
    }
    padded(&format!("{sign}{digits}"), verb, true)
}

fn padded(text: &str, verb: &Verb, is_number: bool) -> String {
    let missing = verb.width.saturating_sub(text.chars().count());
    if verb.minus {
        format!("{text}{}", " ".repeat(missing))
    } else {
        let fill = if verb.zero && !is_number { "0" } else { " " };
        format!("{}{text}", fill.repeat(missing))
    }
}
