//! Whether a handler of Go takes sockets.

use std::collections::HashSet;
use std::ops::Range;

use super::packages::Packages;
use crate::code::Code;
use crate::flow::Function;

/// The tokens of a function that takes sockets because it calls another one that does.
const LONGEST: usize = 400;

/// The names of the functions that take sockets, by themselves or by a function that they call. A name that several functions
/// have says nothing of one of them.
pub(super) fn takers(packages: &Packages) -> HashSet<String> {
    let functions = &packages.functions;
    let only = |function: &&Function| functions.named(&function.name).nth(1).is_none();
    let taking = |takes: &dyn Fn(&Code, &Function) -> bool| -> HashSet<String> {
        let all = functions.all().map(|(_, function)| function).filter(only);
        let taking = all.filter(|own| packages.code(own.file).is_some_and(|code| takes(code, own)));
        taking.map(|function| function.name.clone()).collect()
    };
    let by_itself = taking(&|code, own| upgrades(code, own.body.clone()));
    let by_another = taking(&|code, own| {
        own.body.len() < LONGEST && code.words(own.body.clone()).any(|name| by_itself.contains(name))
    });
    &by_itself | &by_another
}

/// Whether what handles requests by this expression, or a function that it names, is one of `takers`.
pub(super) fn are_taken(takers: &HashSet<String>, code: &Code, handler: Range<usize>) -> bool {
    upgrades(code, handler.clone()) || code.words(handler).any(|name| takers.contains(name))
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
