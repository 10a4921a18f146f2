//! The regular expressions that Docker builds from patterns: Go's syntax, rewritten for the `regex` crate.

use std::fmt::Write as _;

use regex::{Regex, RegexBuilder};

use super::go_class::{self, Set};

/// Enough for every pattern of a sane length; what a compiled pattern may take, in bytes.
const MAX_COMPILED: usize = 1 << 20;
/// What the search of one pattern may cache, in bytes.
const MAX_CACHE: usize = 1 << 18;
/// Go rejects larger counts in `{n,m}`.
const MAX_REPEAT: u32 = 1000;

/// Compiles Go's `source`. The error says what Go, or a limit of ours, has against it.
pub(super) fn compile(source: &str) -> Result<Regex, &'static str> {
    let translated = translate(source).ok_or("it does not make a valid regular expression")?;
    RegexBuilder::new(&translated)
        .size_limit(MAX_COMPILED)
        .dfa_size_limit(MAX_CACHE)
        .build()
        .map_err(|_| "it is too large")
}

/// `source` in the syntax of the `regex` crate. `None` where Go rejects it, and for `\p` and `\Q`, which no ignore
/// file means.
fn translate(source: &str) -> Option<String> {
    let mut out = String::with_capacity(source.len() + 8);
    let mut rest = source;
    let mut after_repeat = false;
    let mut nothing_to_repeat = true;
    while let Some(character) = rest.chars().next() {
        let mut after = rest.get(character.len_utf8()..)?;
        let mut repeat = false;
        match character {
            '\\' => after = translate_escape(after, &mut out)?,
            '[' => {
                let set;
                (set, after) = go_class::bracket(after)?;
                push_set(&set, &mut out);
            }
            '{' => match repetition(after) {
                Some((_, _, _)) if after_repeat || nothing_to_repeat => return None,
                Some((low, high, behind)) => {
                    if low > MAX_REPEAT || high.is_some_and(|high| high > MAX_REPEAT || high < low) {
                        return None;
                    }
                    let length = after.len() - behind.len();
                    out.push('{');
                    out.push_str(after.get(..length)?);
                    after = behind;
                    repeat = true;
                }
                None => out.push_str("\\{"),
            },
            '*' | '?' => {
                out.push(character);
                repeat = true;
            }
            '^' | '$' | '.' | '|' | '(' | ')' => out.push(character),
            literal => push_literal(literal, &mut out),
        }
        after_repeat = repeat;
        nothing_to_repeat = matches!(character, '|' | '(');
        rest = after;
    }
    Some(out)
}

/// The escape whose backslash has been taken, outside brackets.
fn translate_escape<'a>(rest: &'a str, out: &mut String) -> Option<&'a str> {
    let mut characters = rest.chars();
    let letter = characters.next()?;
    let after = characters.as_str();
    if let Some(set) = go_class::perl_class(letter) {
        push_set(&set, out);
        return Some(after);
    }
    let assertion = match letter {
        'A' => "\\A",
        'z' => "\\z",
        'b' => "(?-u:\\b)",
        _ => {
            let (character, after) = go_class::escape(rest)?;
            push_literal(character, out);
            return Some(after);
        }
    };
    out.push_str(assertion);
    Some(after)
}

/// `n}`, `n,}` or `n,m}` after `{`: the counts and what follows. `None` where the brace is a plain character.
fn repetition(rest: &str) -> Option<(u32, Option<u32>, &str)> {
    let (inside, after) = rest.split_once('}')?;
    let (low, high) = match inside.split_once(',') {
        None => (count(inside)?, None),
        Some((low, "")) => (count(low)?, None),
        Some((low, high)) => (count(low)?, Some(count(high)?)),
    };
    Some((low, high, after))
}

/// A count as Go reads it: digits without leading zeros. Too large is still a count.
fn count(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    (plain && !leading_zero).then(|| digits.parse().unwrap_or(u32::MAX))
}

fn push_literal(character: char, out: &mut String) {
    out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
}

fn push_set(set: &Set, out: &mut String) {
    if set.is_empty() {
        out.push_str("[^\\x{0}-\\x{10FFFF}]");
        return;
    }
    out.push('[');
    for &(low, high) in set {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\x{{{:x}}}-\\x{{{:x}}}", u32::from(low), u32::from(high));
    }
    out.push(']');
}
