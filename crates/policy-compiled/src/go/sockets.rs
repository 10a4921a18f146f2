//! Whether a handler of Go takes sockets.

use std::ops::Range;

use super::packages::Packages;
use crate::code::Code;

/// Calls of the functions of a handler that are followed, one in the other.
const DEEPEST: usize = 2;
/// Names of a handler that are looked up.
const MOST_NAMES: usize = 16;

/// Whether what handles requests by this expression, or a function that it names, takes sockets.
pub(super) fn are_taken(packages: &Packages, file: usize, handler: Range<usize>) -> bool {
    let Some(code) = packages.code(file) else { return false };
    upgrades(code, handler.clone()) || named(packages, code, handler, DEEPEST)
}

/// Whether some function that is named in a range takes sockets.
fn named(packages: &Packages, code: &Code, range: Range<usize>, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let mut names: Vec<&str> = code.words(range).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().take(MOST_NAMES).any(|name| {
        let mut functions = packages.functions.named(name).map(|(_, function)| function);
        // A name that many functions have says nothing of one of them.
        let (Some(only), None) = (functions.next(), functions.next()) else { return false };
        packages.code(only.file).is_some_and(|code| {
            upgrades(code, only.body.clone())
                || only.body.len() < 400 && depth > 0 && named(packages, code, only.body.clone(), depth)
        })
    })
}

/// `upgrader.Upgrade(w, r, nil)`, `websocket.Accept(w, r, nil)`, `websocket.New(…)`.
fn upgrades(code: &Code, range: Range<usize>) -> bool {
    range.into_iter().any(|at| {
        code.is_mark(at, '.')
            && code.closing(at + 2, '(').is_some()
            && match code.word(at + 1) {
                Some("Upgrade") => code.arguments(at + 2).len() >= 2,
                Some("Accept" | "New" | "Handler") => code.word(at.wrapping_sub(1)) == Some("websocket"),
                _ => false,
            }
    })
}
