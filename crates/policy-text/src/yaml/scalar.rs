//! Where each part of a scalar's text stands in the file, after unindenting, folding and unescaping.

use granit_parser::ScalarStyle;

use crate::embedded::Embedded;
use crate::source::FileId;

/// Lays `value`, as YAML reads it, over `raw`, as it is written from byte `start` of the file.
pub(super) fn embed(value: &str, style: ScalarStyle, raw: &str, start: usize) -> Embedded {
    // These are places in the text that the YAML stands in; the caller knows where that lies.
    let file = FileId(0);
    if raw == value {
        return Embedded::slice(file, value, start);
    }
    match style {
        ScalarStyle::Literal => literal(file, value, raw, start),
        _ => folded(file, value, style, raw, start),
    }
}

/// A `|` block: each line is a line of the source without its indent.
fn literal(file: FileId, value: &str, raw: &str, start: usize) -> Embedded {
    let mut text = Embedded::new(file);
    let mut lines = raw.split_inclusive('\n');
    let mut offset = start;
    if raw.starts_with('|') {
        offset += lines.next().map_or(0, str::len);
    }
    for line in value.split_inclusive('\n') {
        let Some(written) = lines.next() else {
            text.push_replacement(line, offset..offset);
            continue;
        };
        let content = written.trim_end_matches(['\n', '\r']);
        let indent = content.len().saturating_sub(line.trim_end_matches('\n').len());
        if written.get(indent..) == Some(line) {
            text.push(line, offset + indent);
        } else {
            let (from, to) = (offset + indent, offset + content.len());
            let body = line.trim_end_matches('\n');
            if content.get(indent..) == Some(body) {
                text.push(body, from);
                text.push_replacement(line.get(body.len()..).unwrap_or_default(), to..offset + written.len());
            } else {
                text.push_replacement(line, from..to);
            }
        }
        offset += written.len();
    }
    text
}

/// Everything else: characters are matched one by one, and where they differ a fold, an escape or an indent is skipped.
fn folded(file: FileId, value: &str, style: ScalarStyle, raw: &str, start: usize) -> Embedded {
    let mut text = Embedded::new(file);
    let mut rest = raw;
    if style == ScalarStyle::Folded {
        rest = rest.split_once('\n').map_or("", |(_, body)| body).trim_start_matches(' ');
    } else if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
        rest = rest.get(1..).unwrap_or_default();
    }
    for (index, character) in value.char_indices() {
        let cooked = value.get(index..index + character.len_utf8()).unwrap_or_default();
        let offset = start + (raw.len() - rest.len());
        if character != '\n' && character != ' ' {
            rest = rest.trim_start_matches([' ', '\n', '\r']);
        }
        let here = start + (raw.len() - rest.len());
        let mut characters = rest.chars();
        match characters.next() {
            Some('\'') if style == ScalarStyle::SingleQuoted => {
                text.push_replacement(cooked, here..here + 2);
                rest = rest.get(2..).unwrap_or_default();
            }
            Some('\\') if style == ScalarStyle::DoubleQuoted => {
                let length = escape_length(rest);
                text.push_replacement(cooked, here..here + length);
                rest = rest.get(length..).unwrap_or_default();
            }
            Some(written) if written == character => {
                text.push(cooked, here);
                rest = characters.as_str();
            }
            Some(' ' | '\n' | '\r') => {
                let trimmed = rest.trim_start_matches([' ', '\n', '\r']);
                let length = rest.len() - trimmed.len();
                text.push_replacement(cooked, offset..offset + length);
                rest = trimmed;
            }
            _ => text.push_replacement(cooked, here..here),
        }
    }
    text
}

fn escape_length(rest: &str) -> usize {
    let code = match rest.as_bytes().get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        _ => 0,
    };
    let next = rest.chars().nth(1).map_or(0, char::len_utf8);
    (1 + next + code).min(rest.len())
}
