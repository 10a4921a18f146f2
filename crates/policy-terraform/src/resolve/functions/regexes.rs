//! Functions of regular expressions, which Terraform has in Go's syntax.

use policy_text::value::{Piece, Provenance, Text};
use regex::{Captures, Regex, RegexBuilder};

use super::arguments::{Call, Outcome, Stop, known};
use super::function::Function;
use super::limits::{MAX_ITEMS, MAX_STRING};
use crate::resolve::value::{List, Object, Value};

/// The most memory that one compiled expression may take, in bytes.
const MAX_COMPILED: usize = 1 << 18;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(2, "regex", |call| {
        let pattern = compile(call, &call.string(0)?)?;
        let text = call.string(1)?;
        let found = pattern.captures(&text).ok_or("the pattern does not match")?;
        Ok(captured(call, &pattern, &found))
    }),
    Function::exactly(2, "regexall", |call| {
        let pattern = compile(call, &call.string(0)?)?;
        let text = call.string(1)?;
        let found = pattern.captures_iter(&text).take(MAX_ITEMS);
        let items = found.map(|found| captured(call, &pattern, &found)).collect();
        Ok(call.made_list(List { items, ..List::default() }))
    }),
    Function::exactly(3, "replace", replace),
];

/// The whole match, or its groups: a list, or an object where they have names.
fn captured(call: &Call<'_>, pattern: &Regex, found: &Captures<'_>) -> Value {
    let group = |index: usize| match found.get(index) {
        Some(group) => call.made_string(group.as_str()),
        None => Value::null(call.at),
    };
    if pattern.captures_len() == 1 {
        return group(0);
    }
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.iter().all(Option::is_none) {
        let items = (1..pattern.captures_len()).map(group).collect();
        return call.made_list(List { items, ..List::default() });
    }
    let entries =
        names.iter().enumerate().filter_map(|(index, name)| Some(((*name)?.into(), group(index + 1))));
    call.made_object(Object { entries: entries.collect(), more: None })
}

fn compile(call: &Call<'_>, pattern: &str) -> Outcome<Regex> {
    RegexBuilder::new(&translated(pattern))
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|_| call.unknown("the regular expression was not understood"))
}

/// Go's syntax in the words of the `regex` crate: there, `\d` and its kin are ASCII, and a class knows neither nesting
/// nor set operations.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(class @ ('d' | 'D' | 'w' | 'W' | 's' | 'S')) => {
                    out.push_str(ascii_class(class, in_class));
                }
                Some('b') if !in_class => out.push_str("(?-u:\\b)"),
                Some(escaped) => out.extend(['\\', escaped]),
                None => out.push('\\'),
            },
            '[' if in_class && letters.peek() == Some(&':') => {
                out.push('[');
                // The name of the class up to its own bracket.
                for letter in letters.by_ref() {
                    out.push(letter);
                    if letter == ']' {
                        break;
                    }
                }
            }
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                for first in ['^', ']'] {
                    if letters.next_if_eq(&first).is_some() {
                        out.push_str(if first == ']' { "\\]" } else { "^" });
                    }
                }
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', letter]),
            '-' if in_class && letters.peek() == Some(&'-') => out.push_str("\\-"),
            _ => out.push(letter),
        }
    }
    out
}

fn ascii_class(class: char, in_class: bool) -> &'static str {
    match (class, in_class) {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('w', false) => "[0-9A-Za-z_]",
        ('w', true) => "0-9A-Za-z_",
        ('s', false) => "[\\t\\n\\x0C\\r ]",
        ('s', true) => "\\t\\n\\x0C\\r ",
        ('D', _) => "[^0-9]",
        ('W', _) => "[^0-9A-Za-z_]",
        _ => "[^\\t\\n\\x0C\\r ]",
    }
}

fn replace(call: &Call<'_>) -> Outcome {
    let (sought, replacement) = (call.string(1)?, call.text(2)?);
    if let Some(pattern) = sought.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        return replace_matches(call, pattern);
    }
    let text = call.text(0)?;
    if sought.is_empty() {
        let (text, replacement) = (known(&text)?, known(&replacement)?);
        if text.len().saturating_mul(replacement.len()) > MAX_STRING {
            return Err(call.unknown("the value is too large"));
        }
        return Ok(call.text_like(0, Text::literal(text.replace("", &replacement), call.at)));
    }
    if let Some(hole) = text.holes().next()
        && sought.chars().count() > 1
        && may_straddle(&text, &sought)
    {
        return Err(Stop::Unknown(Value::unknown(hole.origin.clone(), hole.at)));
    }
    replace_literal(call, &text, &sought, &replacement)
}

/// Replaces in every run of known characters, the replaced parts at the place of the replacement.
fn replace_literal(call: &Call<'_>, text: &Text, sought: &str, replacement: &Text) -> Outcome {
    let mut replaced = Replaced { text: Text::empty(), length: 0 };
    let mut run: Vec<(&str, &Provenance)> = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal, from) => run.push((literal, from)),
            Piece::Hole(_) => {
                replaced.run(&run, sought, replacement);
                replaced.text.push(piece.clone());
                run.clear();
            }
        }
    }
    replaced.run(&run, sought, replacement);
    if replaced.length > MAX_STRING {
        return Err(call.unknown("the value is too large"));
    }
    Ok(call.text_like(0, replaced.text))
}

struct Replaced {
    text: Text,
    length: usize,
}

impl Replaced {
    fn run(&mut self, run: &[(&str, &Provenance)], sought: &str, replacement: &Text) {
        let whole: String = run.iter().map(|(literal, _)| *literal).collect();
        let mut pieces = run.iter();
        let mut current: Option<(&str, &Provenance)> = None;
        let mut copy = |mut count: usize, out: Option<&mut Text>| {
            let mut out = out;
            while count > 0 {
                let Some((literal, from)) = current.take().or_else(|| pieces.next().copied()) else { return };
                let (head, tail) = literal.split_at(count.min(literal.len()));
                count -= head.len();
                if let Some(out) = &mut out {
                    out.push(Piece::Literal(head.into(), from.clone()));
                }
                current = (!tail.is_empty()).then_some((tail, from));
            }
        };
        let mut done = 0;
        for (at, _) in whole.match_indices(sought) {
            if self.length > MAX_STRING {
                return;
            }
            copy(at - done, Some(&mut self.text));
            copy(sought.len(), None);
            self.text.append(replacement);
            self.length += at - done + replacement.len();
            done = at + sought.len();
        }
        copy(whole.len() - done, Some(&mut self.text));
        self.length += whole.len() - done;
    }
}

/// Whether `sought` may be found partly in known characters and partly in a hole beside them.
fn may_straddle(text: &Text, sought: &str) -> bool {
    let mut runs = vec![String::new()];
    for piece in text.pieces() {
        match (piece, runs.last_mut()) {
            (Piece::Literal(literal, _), Some(run)) => run.push_str(literal),
            _ => runs.push(String::new()),
        }
    }
    let last = runs.len() - 1;
    let starts = |run: &str| {
        sought.char_indices().skip(1).any(|(at, _)| run.ends_with(sought.get(..at).unwrap_or("")))
    };
    let ends = |run: &str| {
        sought.char_indices().skip(1).any(|(at, _)| run.starts_with(sought.get(at..).unwrap_or("")))
    };
    runs.iter().enumerate().any(|(index, run)| {
        (index < last && starts(run))
            || (index > 0 && ends(run))
            || (index > 0 && index < last && sought.contains(run.as_str()) && !run.is_empty())
    })
}

fn replace_matches(call: &Call<'_>, pattern: &str) -> Outcome {
    let pattern = compile(call, pattern)?;
    let (text, replacement) = (call.string(0)?, call.string(2)?);
    let (mut replaced, mut last) = (String::new(), 0);
    for found in pattern.captures_iter(&text) {
        let whole = found.get_match();
        replaced.push_str(text.get(last..whole.start()).unwrap_or_default());
        found.expand(&replacement, &mut replaced);
        last = whole.end();
        if replaced.len() > MAX_STRING {
            return Err(call.unknown("the value is too large"));
        }
    }
    replaced.push_str(text.get(last..).unwrap_or_default());
    Ok(call.text_like(0, Text::literal(replaced, call.at)))
}
