//! String functions. What is known of a string stays known, with the place of each of its pieces.

use policy_text::source::clean;
use policy_text::value::{Hole, Piece, Text};

use super::arguments::{Call, Outcome, Stop, known};
use super::convert::strings_of;
use super::function::Function;
use super::limits::MAX_STRING;
use crate::resolve::value::{Data, List, More, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(1, "lower", |call| {
        Ok(call.text_like(0, each_literal(&call.text(0)?, str::to_lowercase)))
    }),
    Function::exactly(1, "upper", |call| {
        Ok(call.text_like(0, each_literal(&call.text(0)?, str::to_uppercase)))
    }),
    Function::exactly(1, "title", |call| Ok(call.made_string(title(&call.string(0)?)))),
    Function::exactly(1, "strrev", |call| {
        Ok(call.made_string(call.string(0)?.chars().rev().collect::<String>()))
    }),
    Function::exactly(1, "chomp", |call| trim(call, Ends::Right, |letter| matches!(letter, '\r' | '\n'))),
    Function::exactly(1, "trimspace", |call| trim(call, Ends::Both, char::is_whitespace)),
    Function::exactly(2, "trim", |call| {
        let cutset = call.string(1)?;
        trim(call, Ends::Both, |letter| cutset.contains(letter))
    }),
    Function::exactly(2, "trimprefix", trimprefix),
    Function::exactly(2, "trimsuffix", trimsuffix),
    Function::exactly(2, "startswith", |call| {
        fixed_end(call, Text::known_prefix, |text, part| text.starts_with(part))
    }),
    Function::exactly(2, "endswith", |call| {
        fixed_end(call, Text::known_suffix, |text, part| text.ends_with(part))
    }),
    Function::exactly(2, "strcontains", strcontains),
    Function::exactly(3, "substr", substr),
    Function::exactly(2, "indent", indent),
    Function::at_least(1, "join", join),
    Function::exactly(2, "split", split),
    Function::exactly(1, "basename", |call| Ok(call.made_string(basename(&call.string(0)?)))),
    Function::exactly(1, "dirname", |call| Ok(call.made_string(dirname(&call.string(0)?)))),
    Function::exactly(1, "pathexpand", |call| match call.text(0)? {
        text if text.known_prefix().starts_with(['/', '.']) => Ok(call.text_like(0, text)),
        _ => Err(call.unknown("a path may begin in the home folder")),
    }),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Right,
    Both,
}

/// The text with every literal piece changed. Right only for changes that do not look beyond one character.
fn each_literal(text: &Text, change: impl Fn(&str) -> String) -> Text {
    let mut changed = Text::empty();
    for piece in text.pieces() {
        changed.push(match piece {
            Piece::Literal(literal, from) => Piece::Literal(change(literal).into(), from.clone()),
            Piece::Hole(hole) => Piece::Hole(hole.clone()),
        });
    }
    changed
}

/// A letter after anything but a letter, digit, underscore or apostrophe becomes a capital, as Go's `strings.Title` does.
fn title(text: &str) -> String {
    let mut last = ' ';
    text.chars()
        .flat_map(|letter| {
            let begins = !last.is_alphanumeric() && last != '_';
            let begins = begins && (last.is_whitespace() || last.is_ascii());
            last = letter;
            if begins { letter.to_uppercase().collect::<Vec<_>>() } else { vec![letter] }
        })
        .collect()
}

/// Cuts what `cut` names from the ends. A hole ends the cutting: what it stands for is unknown before and after.
fn trim(call: &Call<'_>, ends: Ends, cut: impl Fn(char) -> bool) -> Outcome {
    let text = call.text(0)?;
    let mut pieces: std::collections::VecDeque<Piece> = text.pieces().iter().cloned().collect();
    while let Some(Piece::Literal(literal, from)) = pieces.back().cloned() {
        let rest = literal.trim_end_matches(&cut);
        pieces.pop_back();
        if !rest.is_empty() {
            pieces.push_back(Piece::Literal(rest.into(), from));
            break;
        }
    }
    while ends == Ends::Both
        && let Some(Piece::Literal(literal, from)) = pieces.front().cloned()
    {
        let rest = literal.trim_start_matches(&cut);
        pieces.pop_front();
        if !rest.is_empty() {
            pieces.push_front(Piece::Literal(rest.into(), from));
            break;
        }
    }
    let mut trimmed = Text::empty();
    for piece in pieces {
        trimmed.push(piece);
    }
    Ok(call.text_like(0, trimmed))
}

fn trimprefix(call: &Call<'_>) -> Outcome {
    let (text, prefix) = (call.text(0)?, call.string(1)?);
    if let Some(rest) = text.strip_prefix(&prefix) {
        return Ok(call.text_like(0, rest));
    }
    if prefix.starts_with(&text.known_prefix())
        && let Some(hole) = text.holes().next()
    {
        return Err(unknown_hole(hole));
    }
    Ok(call.text_like(0, text))
}

fn trimsuffix(call: &Call<'_>) -> Outcome {
    let (text, suffix) = (call.text(0)?, call.string(1)?);
    if let Some(rest) = text.strip_suffix(&suffix) {
        return Ok(call.text_like(0, rest));
    }
    if suffix.ends_with(&text.known_suffix())
        && let Some(hole) = text.holes().last()
    {
        return Err(unknown_hole(hole));
    }
    Ok(call.text_like(0, text))
}

fn unknown_hole(hole: &Hole) -> Stop {
    Stop::Unknown(Value::unknown(hole.origin.clone(), hole.at))
}

/// Whether one end of a string is `part`, as far as that end is known.
fn fixed_end(call: &Call<'_>, known_end: fn(&Text) -> String, has: fn(&str, &str) -> bool) -> Outcome {
    let (text, part) = (call.text(0)?, call.string(1)?);
    let end = known_end(&text);
    match text.holes().next() {
        Some(hole) if !has(&end, &part) && has(&part, &end) => Err(unknown_hole(hole)),
        _ => Ok(Value::bool(has(&end, &part), call.at)),
    }
}

fn strcontains(call: &Call<'_>) -> Outcome {
    let (text, part) = (call.text(0)?, call.string(1)?);
    let found = text.contains(&*part);
    match text.holes().next() {
        Some(hole) if !found => Err(unknown_hole(hole)),
        _ => Ok(Value::bool(found, call.at)),
    }
}

fn substr(call: &Call<'_>) -> Outcome {
    let (text, offset, length) = (call.text(0)?, call.integer(1)?, call.integer(2)?);
    let prefix = text.known_prefix();
    let whole = text.holes().next().is_none();
    let count = prefix.chars().count() as i128;
    if !whole && (offset < 0 || length < 0 || offset.saturating_add(length) > count) {
        return known(&text).map(|text| call.made_string(text));
    }
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    // Terraform takes no length for the rest where it counts from the end.
    let to_end = length < 0 || offset < 0 && length == 0;
    let end = if to_end { count } else { start.saturating_add(length).min(count) };
    let byte_of = |index: i128| {
        prefix
            .char_indices()
            .nth(usize::try_from(index).unwrap_or(usize::MAX))
            .map_or(prefix.len(), |(byte, _)| byte)
    };
    let (left, _) = text.split_at(byte_of(end));
    Ok(call.text_like(0, left.split_at(byte_of(start)).1))
}

fn indent(call: &Call<'_>) -> Outcome {
    let width = usize::try_from(call.integer(0)?).unwrap_or(0);
    if width > MAX_STRING {
        return Err(call.unknown("the value is too large"));
    }
    let text = call.text(1)?;
    let lines: usize =
        text.pieces().iter().filter_map(Piece::as_literal).map(|text| text.matches('\n').count()).sum();
    if lines.saturating_mul(width) > MAX_STRING {
        return Err(call.unknown("the value is too large"));
    }
    let spaces = format!("\n{}", " ".repeat(width));
    Ok(call.text_like(1, each_literal(&text, |literal| literal.replace('\n', &spaces))))
}

fn join(call: &Call<'_>) -> Outcome {
    let separator = call.text(0)?;
    let mut joined = Text::empty();
    let mut is_first = true;
    let mut length = 0;
    for index in 1..call.arguments.len() {
        let list = call.list(index)?;
        for (position, item) in strings_of(&list.items)?.iter().enumerate() {
            if list.more.as_ref().is_some_and(|more| more.after <= position) {
                break;
            }
            let item = item.to_text().ok_or("the list holds `null`")?;
            if !std::mem::take(&mut is_first) {
                joined.append(&separator);
            }
            joined.append(&item);
            length += item.len() + separator.len();
            if length > MAX_STRING {
                return Err(call.unknown("the value is too large"));
            }
        }
        if let Some(More { origin, at, .. }) = &list.more {
            // What follows is unknown from here on: the end of one list is not the end of the text's known part.
            joined.push(Piece::Hole(Hole { origin: origin.clone(), at: *at }));
            break;
        }
    }
    Ok(super::arguments::text_value(joined, call.at))
}

/// Splits at every known separator. A hole may hold further ones: the text around it may be more than one element.
fn split(call: &Call<'_>) -> Outcome {
    let (separator, text) = (call.string(0)?, call.text(1)?);
    if separator.is_empty() {
        let text = known(&text)?;
        let items = text.chars().map(|letter| call.made_string(letter.to_string())).collect();
        return Ok(call.made_list(List { items, ..List::default() }));
    }
    let from = call.argument(1)?.from.clone();
    let item = |text: Text| Value { from: from.clone(), ..super::arguments::text_value(text, from.at) };
    let (mut items, mut more) = (Vec::new(), None);
    let mut rest = text;
    loop {
        let (element, after) = match rest.split_once(&*separator) {
            Some((element, after)) => (element, Some(after)),
            None => (rest, None),
        };
        let hole = element.holes().next().cloned();
        match hole {
            Some(hole) => {
                more.get_or_insert(More { after: items.len(), origin: hole.origin.clone(), at: hole.at });
                items.push(Value::unknown(hole.origin, hole.at));
            }
            None => items.push(item(element)),
        }
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    Ok(Value::new(Data::List(List { items, more, is_set: false }.into()), call.at))
}

fn basename(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match (path, trimmed) {
        ("", _) => ".".to_owned(),
        (_, "") => "/".to_owned(),
        _ => trimmed.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// Go's `path.Dir`: all up to the last slash, cleaned.
fn dirname(path: &str) -> String {
    clean(path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or_default())
}
