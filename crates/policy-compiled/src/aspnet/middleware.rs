//! What requests pass in a program of ASP.NET before they reach endpoints.

use std::collections::HashSet;
use std::ops::Range;

use policy_text::source::Span;

use crate::code::Code;
use crate::flow::{Functions, lambda};
use crate::passing::Passing;
use crate::units::Units;

/// The members of a request that say its path.
const PATHS: &[&str] = &["GetDisplayUrl", "GetEncodedPathAndQuery", "GetEncodedUrl", "Path", "PathBase"];

/// What is called of classes that requests pass.
const INVOKED: [&str; 2] = ["Invoke", "InvokeAsync"];

/// A method of a middleware of the program that does not pass on every request, as its path decides.
pub(super) fn deciding(units: &Units, functions: &Functions) -> Option<Span> {
    INVOKED.iter().flat_map(|name| functions.named(name)).find_map(|(_, function)| {
        let code = &units.all().get(function.file)?.code;
        let body = function.body.clone();
        decides(code, body.clone(), &next_of(code)).then(|| code.span(body))
    })
}

/// Whether a function that is given to `Use` passes on every request, but those that it refuses.
pub(super) fn passes_on(code: &Code, given: Range<usize>) -> bool {
    let Some((names, body)) = lambda(code, given.start) else { return true };
    let mut next = next_of(code);
    next.extend(names.iter().map(String::as_str).skip(1));
    let body = body.start..body.end.min(given.end);
    body.clone().any(|at| passes(code, at, &next)) && !decides(code, body, &next)
}

fn decides(code: &Code, body: Range<usize>, next: &HashSet<&str>) -> bool {
    let passes = |at| passes(code, at, next);
    Passing { code, paths: PATHS, passes: &passes, reads: &|_| false }.decides(body)
}

/// The names in a file of what is behind a middleware: `RequestDelegate next`.
fn next_of(code: &Code) -> HashSet<&str> {
    (1..code.len())
        .filter(|at| code.is_word(at - 1, "RequestDelegate"))
        .filter_map(|at| code.word(at))
        .collect()
}

/// `next(context)`, `next.Invoke()`.
fn passes(code: &Code, at: usize, next: &HashSet<&str>) -> bool {
    let is_called =
        code.closing(at + 1, '(').is_some() || code.is_mark(at + 1, '.') && code.is_word(at + 2, "Invoke");
    is_called && code.word(at).is_some_and(|word| next.contains(word) || matches!(word, "next" | "_next"))
}
