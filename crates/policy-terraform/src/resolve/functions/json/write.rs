//! Values as JSON, with the place of every piece.

use policy_text::value::{Hole, Piece, Provenance, Text};

use super::super::arguments::{MAX_DEPTH, why_unknown};
use crate::resolve::value::{Data, List, Object, Value};

/// The value as JSON, as Terraform writes it. `None` where it is nested too deeply.
pub(in super::super) fn encode(value: &Value, depth: usize) -> Option<Text> {
    let mut text = Text::empty();
    write(value, depth, &mut text).then_some(text)
}

/// Writes the value behind `text`. Whether it could be: it is not nested too deeply.
fn write(value: &Value, depth: usize, text: &mut Text) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let from = &value.from;
    match &value.data {
        Data::Null => mark(text, "null", from),
        Data::Bool(truth) => mark(text, &truth.to_string(), from),
        Data::Number(number) => mark(text, &number.to_string(), from),
        Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => {
            let (origin, at) = why_unknown(value);
            text.push(Piece::Hole(Hole { origin, at }));
        }
        Data::String(string) => write_string(string, from, text),
        Data::List(list) => return write_list(list, from, depth, text),
        Data::Object(object) => return write_object(object, from, depth, text),
    }
    true
}

/// Writes what belongs to JSON itself, in the place of the value that it stands in.
fn mark(text: &mut Text, mark: &str, from: &Provenance) {
    text.push(Piece::Literal(mark.into(), from.clone()));
}

fn write_string(string: &Text, from: &Provenance, text: &mut Text) {
    mark(text, "\"", from);
    for piece in string.pieces() {
        text.push(match piece {
            Piece::Literal(literal, from) => {
                let mut escaped = String::new();
                escape(literal, &mut escaped);
                Piece::Literal(escaped.into(), from.clone())
            }
            Piece::Hole(hole) => Piece::Hole(hole.clone()),
        });
    }
    mark(text, "\"", from);
}

fn write_list(list: &List, from: &Provenance, depth: usize, text: &mut Text) -> bool {
    mark(text, "[", from);
    for (index, item) in list.items.iter().enumerate() {
        if index > 0 {
            mark(text, ",", from);
        }
        if let Some(more) = list.more.as_ref().filter(|more| more.after == index) {
            text.push(Piece::Hole(Hole { origin: more.origin.clone(), at: more.at }));
            mark(text, ",", from);
        }
        if !write(item, depth + 1, text) {
            return false;
        }
    }
    if let Some(more) = list.more.as_ref().filter(|more| more.after >= list.items.len()) {
        text.push(Piece::Hole(Hole { origin: more.origin.clone(), at: more.at }));
    }
    mark(text, "]", from);
    true
}

fn write_object(object: &Object, from: &Provenance, depth: usize, text: &mut Text) -> bool {
    mark(text, "{", from);
    for (index, (key, entry)) in object.entries.iter().enumerate() {
        let mut name = String::from(if index > 0 { ",\"" } else { "\"" });
        escape(key, &mut name);
        name.push_str("\":");
        mark(text, &name, from);
        if !write(entry, depth + 1, text) {
            return false;
        }
    }
    if let Some((origin, at)) = &object.more {
        text.push(Piece::Hole(Hole { origin: origin.clone(), at: *at }));
    }
    mark(text, "}", from);
    true
}

/// Escapes as Go's encoder does, which is safe inside HTML too.
pub(in super::super) fn escape(text: &str, out: &mut String) {
    use std::fmt::Write;
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
}
