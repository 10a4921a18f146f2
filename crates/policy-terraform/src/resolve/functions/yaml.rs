//! YAML, read with the place of every value, and written as Terraform writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use policy_text::embedded::Embedded;
use policy_text::source::Span;
use policy_text::value::{Piece, Text};
use policy_text::yaml::{Node, parse_tree};

use super::arguments::{Call, MAX_DEPTH, Outcome, Stop};
use crate::resolve::Number;
use crate::resolve::value::{Data, Value};

/// The most values of a document: aliases inside aliases must not explode.
const MAX_VALUES: usize = 1 << 16;

/// From which length on a line is folded when it is written.
const MAX_WIDTH: usize = 80;

/// `yamldecode`, of a text that is known.
pub(super) fn yamldecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    super::arguments::known(&text)?;
    let document = embedded(&text, call.at);
    if [" !", "!!"].iter().any(|tag| document.as_str().contains(tag)) {
        return Err(call.unknown("tags of YAML are not followed"));
    }
    let (yaml, problems) = parse_tree(&document);
    let mut documents = yaml.documents();
    match (documents.next(), documents.next()) {
        (Some(root), None) if problems.is_empty() => Reader { call, left: MAX_VALUES }.value(root, MAX_DEPTH),
        _ => Err("the text is not one valid YAML document".into()),
    }
}

/// The text with the places of its parts, as far as these are in one file.
fn embedded(text: &Text, at: Span) -> Embedded {
    let places = || {
        text.pieces().iter().filter_map(|piece| match piece {
            Piece::Literal(literal, from) => Some((literal, from.at)),
            Piece::Hole(_) => None,
        })
    };
    let file = places().next().map_or(at.file, |(_, place)| place.file);
    let in_one_file = places().all(|(_, place)| place.file == file);
    let mut embedded = Embedded::new(if in_one_file { file } else { at.file });
    for (literal, place) in places() {
        if !in_one_file {
            embedded.push_replacement(literal, at.range());
        } else if place.range().len() == literal.len() {
            embedded.push(literal, place.start as usize);
        } else {
            embedded.push_replacement(literal, place.range());
        }
    }
    embedded
}

struct Reader<'c> {
    call: &'c Call<'c>,
    left: usize,
}

impl Reader<'_> {
    fn value(&mut self, node: Node<'_>, depth: usize) -> Outcome {
        let (Some(left), Some(depth)) = (self.left.checked_sub(1), depth.checked_sub(1)) else {
            return Err(self.call.unknown("the document is too large"));
        };
        self.left = left;
        let at = node.span();
        if node.is_sequence() {
            let items = node.items().map(|item| self.value(item, depth)).collect::<Outcome<_>>()?;
            return Ok(Value::list(items, at));
        }
        if node.is_mapping() {
            let mut entries = BTreeMap::new();
            for (key, value) in node.entries() {
                let key = self.value(key, depth)?.as_string().ok_or("a key of a mapping is no string")?;
                entries.insert(Arc::from(key), self.value(value, depth)?);
            }
            return Ok(Value::object(entries, at));
        }
        let text = node.as_str().ok_or("an alias leads nowhere")?;
        if node.is_plain() {
            return plain(text, at)
                .ok_or_else(|| self.call.unknown("times and endless numbers are not followed"));
        }
        Ok(Value::string(text, at))
    }
}

/// The value of a scalar without quotes. `None` where it is one that is not followed.
fn plain(text: &str, at: Span) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::null(at),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Value::bool(true, at)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::bool(false, at)
        }
        _ => match number(text) {
            Some(number) => Value::number(number, at),
            None if is_followed(text) => Value::string(text, at),
            None => return None,
        },
    })
}

/// Times are written anew, and there is no number for `.inf`.
fn is_followed(text: &str) -> bool {
    let is_date = text.bytes().zip(*b"0000-00-00").filter(|&(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    });
    let unsigned = text.trim_start_matches(['+', '-']);
    is_date.count() < 10 && ![".inf", ".nan"].contains(&unsigned.to_ascii_lowercase().as_str())
}

fn number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    for (prefix, base) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
            return i128::from_str_radix(digits, base).ok().filter(|_| plain).map(Number::Integer);
        }
    }
    let begins = unsigned.starts_with(|first: char| first.is_ascii_digit())
        || unsigned
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let plain = unsigned.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if !begins || !plain {
        return None;
    }
    let written = text.trim_start_matches('+');
    written
        .parse()
        .map(Number::Integer)
        .ok()
        .or_else(|| written.parse::<f64>().ok().and_then(Number::from_f64))
}

/// `yamlencode`, of a value that is known.
pub(super) fn yamlencode(call: &Call<'_>) -> Outcome {
    let mut text = String::new();
    let value = call.arguments.first().ok_or("an argument is missing")?;
    super::arguments::require_known(value)?;
    write(value, 0, &mut text).ok_or_else(|| call.unknown("the value is nested too deeply"))?;
    if value.is_null() {
        text.push_str("\n...");
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if text.lines().any(|line| line.chars().count() > MAX_WIDTH && line.trim().contains(' ')) {
        return Err(Stop::Unknown(Value::unknown_because("long lines are folded", call.at)));
    }
    Ok(call.made_string(text))
}

/// Writes a value that begins on the current line, or on lines of its own with `indent`.
fn write(value: &Value, indent: usize, text: &mut String) -> Option<()> {
    if indent / 2 > MAX_DEPTH {
        return None;
    }
    match &value.data {
        Data::List(list) if list.items.is_empty() => text.push_str("[]"),
        Data::Object(object) if object.entries.is_empty() => text.push_str("{}"),
        Data::List(list) => {
            for (index, item) in list.items.iter().enumerate() {
                next_line(index, indent, text);
                text.push_str("- ");
                write(item, indent + 2, text)?;
            }
        }
        Data::Object(object) => {
            for (index, (key, entry)) in object.entries.iter().enumerate() {
                next_line(index, indent, text);
                quoted(key, text);
                text.push(':');
                match &entry.data {
                    // A list stands below its key without an indent of its own.
                    Data::List(list) if !list.items.is_empty() => {
                        next_line(1, indent, text);
                        write(entry, indent, text)?;
                    }
                    Data::Object(object) if !object.entries.is_empty() => {
                        next_line(1, indent + 2, text);
                        write(entry, indent + 2, text)?;
                    }
                    _ => {
                        text.push(' ');
                        write(entry, indent + 2, text)?;
                    }
                }
            }
        }
        Data::Null => text.push_str("null"),
        Data::String(string) => match string.known() {
            Some(string) if string.contains('\n') => block(&string, indent.max(2), text)?,
            Some(string) => quoted(&string, text),
            None => return None,
        },
        _ => text.push_str(&value.as_string()?),
    }
    Some(())
}

fn next_line(index: usize, indent: usize, text: &mut String) {
    if index > 0 {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.extend(std::iter::repeat_n(' ', indent));
    }
}

/// A string of several lines. `None` for one that needs more than its lines to be told.
fn block(string: &str, indent: usize, text: &mut String) -> Option<()> {
    let body = string.strip_suffix('\n');
    let lines = body.unwrap_or(string);
    if lines.starts_with([' ', '\n', '\t'])
        || lines.ends_with(['\n', ' '])
        || lines.contains([' ', '\t']) && lines.contains(" \n")
    {
        return None;
    }
    text.push_str(if body.is_some() { "|" } else { "|-" });
    for line in lines.split('\n') {
        text.push('\n');
        if !line.is_empty() {
            text.extend(std::iter::repeat_n(' ', indent));
            text.push_str(line);
        }
    }
    if body.is_some() {
        text.push('\n');
    }
    Some(())
}

fn quoted(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            '\0'..='\u{1f}' => {
                let _ = write!(text, "\\x{:02X}", u32::from(letter));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}
