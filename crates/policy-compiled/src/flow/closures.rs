//! Functions that stand for themselves, and the brackets of calls.

use std::ops::Range;

use crate::code::Code;
use crate::scan::{Closure, Piece};

/// The tokens of the types that stand between a name and its arguments, or behind the parameters of a function.
const LONGEST_TYPES: usize = 64;

/// The bracket of arguments that stands there, or behind types in angles.
pub(super) fn call(code: &Code, at: usize) -> Option<usize> {
    if code.closing(at, '(').is_some() {
        return Some(at);
    }
    if !code.is_mark(at, '<') {
        return None;
    }
    let mut depth = 0_usize;
    let mut next = at;
    while next < code.len() && next < at + LONGEST_TYPES {
        if code.is_mark(next, '<') {
            depth += 1;
        } else if code.is_mark(next, '>') {
            depth -= 1;
            if depth == 0 {
                return code.closing(next + 1, '(').map(|_| next + 1);
            }
        } else if code.word(next).is_none()
            && !code.is_mark(next, ',')
            && !code.is_mark(next, '.')
            && !code.is_mark(next, '?')
        {
            return None;
        }
        next += 1;
    }
    None
}

/// The names of the parameters of a function that begins there, and its body.
pub(crate) fn function_literal(code: &Code, start: usize) -> Option<(Vec<String>, Range<usize>)> {
    if code.is_word(start, "func") {
        code.closing(start + 1, '(')?;
        let names = code
            .arguments(start + 1)
            .into_iter()
            .filter_map(|part| code.word(part.start).map(ToOwned::to_owned));
        let mut open = code.after(start + 1);
        for _ in 0..LONGEST_TYPES {
            if code.closing(open, '{').is_none() {
                open = code.after(open);
            }
        }
        return Some((names.collect(), open + 1..code.closing(open, '{')?));
    }
    if code.language.closure == Closure::Arrow { lambda(code, start) } else { None }
}

/// `x => …`, `(x) => { … }`, `async (A x) => …`.
pub(crate) fn lambda(code: &Code, start: usize) -> Option<(Vec<String>, Range<usize>)> {
    let start = start + usize::from(code.is_word(start, "async"));
    let (names, arrow) = match code.closing(start, '(') {
        Some(closing) => {
            let names = code.arguments(start).into_iter();
            let names =
                names.filter_map(|part| part.rev().find_map(|at| code.word(at)).map(ToOwned::to_owned));
            (names.collect(), closing + 1)
        }
        None => (vec![code.word(start)?.to_owned()], start + 1),
    };
    if !(code.is_mark(arrow, '=') && code.is_mark(arrow + 1, '>')) {
        return None;
    }
    let body = arrow + 2;
    match code.closing(body, '{') {
        Some(closing) => Some((names, body + 1..closing)),
        None => Some((names, body..code.len())),
    }
}

/// The names of methods that an argument lists: `"GET"`, `http.MethodGet`.
pub(super) fn method_names(code: &Code, argument: Range<usize>) -> Vec<String> {
    let mut found = texts_within(code, argument.clone());
    found.extend(code.words(argument).filter_map(|word| word.strip_prefix("Method")).map(ToOwned::to_owned));
    found
}

/// The texts in a range.
fn texts_within(code: &Code, range: Range<usize>) -> Vec<String> {
    let texts = range.filter_map(|at| code.pieces(at)).flatten().filter_map(|piece| match piece {
        Piece::Literal(text) => Some(text),
        Piece::Hole(_) => None,
    });
    texts.collect()
}
