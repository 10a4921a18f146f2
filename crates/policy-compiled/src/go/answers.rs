//! What middleware of Go answers with success by itself.

use std::ops::Range;

use crate::code::Code;
use crate::flow::function_literal;
use crate::scan::{Kind, Piece};

/// The names of statuses below 400.
const FINE: [&str; 11] = [
    "StatusAccepted",
    "StatusCreated",
    "StatusFound",
    "StatusMovedPermanently",
    "StatusNoContent",
    "StatusNonAuthoritativeInfo",
    "StatusOK",
    "StatusPartialContent",
    "StatusPermanentRedirect",
    "StatusSeeOther",
    "StatusTemporaryRedirect",
];

/// Requests that no health check makes, and no page to see what is there.
const OTHER_METHODS: [&str; 2] = ["MethodOptions", "MethodHead"];

/// Whether a function answers requests with success by itself, whatever their path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Success {
    None,
    /// It does, somewhere in it.
    Somewhere,
    /// The very function does that passes other requests on, or one within it.
    BesidePassing,
}

impl Success {
    pub(super) fn of(code: &Code, body: Range<usize>, passes: &dyn Fn(usize) -> bool) -> Self {
        let places = places(code, body.clone());
        if places.is_empty() {
            return Self::None;
        }
        let passing: Vec<usize> = body.clone().filter(|at| passes(*at)).collect();
        let passes_within = |range: &Range<usize>| {
            let first = passing.partition_point(|at| *at < range.start);
            passing.get(first).is_some_and(|at| *at < range.end)
        };
        // The functions around a place, the innermost last.
        let mut around = vec![body.clone()];
        let mut places = places.into_iter().peekable();
        for at in body {
            while around.last().is_some_and(|inner| inner.end <= at) {
                around.pop();
            }
            if code.is_word(at, "func") {
                around.extend(function_literal(code, at).map(|(_, inner)| inner));
            }
            if places.next_if_eq(&at).is_some() && around.last().is_some_and(passes_within) {
                return Self::BesidePassing;
            }
        }
        Self::Somewhere
    }
}

/// The places in a body that answer with a status below 400: `c.AbortWithStatus(200)`, `w.WriteHeader(http.StatusOK)`. What
/// answers `OPTIONS` alone is none.
fn places(code: &Code, body: Range<usize>) -> Vec<usize> {
    let answers = |at: &usize| {
        code.is_mark(at.wrapping_sub(1), '.')
            && code.word(*at).is_some()
            && code.arguments(at + 1).first().is_some_and(|status| is_fine(code, status.clone()))
    };
    let mut found: Vec<usize> = body.clone().filter(answers).collect();
    if !found.is_empty() {
        let preflights: Vec<Range<usize>> = body.filter_map(|at| preflight(code, at)).collect();
        found.retain(|at| !preflights.iter().any(|block| block.contains(at)));
    }
    found
}

fn is_fine(code: &Code, status: Range<usize>) -> bool {
    let is_number = |at: usize| code.token(at).is_some_and(|token| token.kind == Kind::Number);
    let (first, last) = (status.start, status.end.saturating_sub(1));
    match status.len() {
        1 if is_number(first) => {
            code.written(first).parse().is_ok_and(|status| (200..400_u16).contains(&status))
        }
        1 | 3 => code.word(last).is_some_and(|name| FINE.contains(&name)),
        _ => false,
    }
}

/// The body of `if r.Method == "OPTIONS" { … }`.
fn preflight(code: &Code, at: usize) -> Option<Range<usize>> {
    if !code.is_word(at, "if") {
        return None;
    }
    let says = |text: &str| text == "OPTIONS" || text == "HEAD";
    let asks = |at: usize| {
        let literals = code.pieces(at).unwrap_or_default();
        code.word(at).is_some_and(|word| OTHER_METHODS.contains(&word))
            || literals.iter().any(|piece| matches!(piece, Piece::Literal(text) if says(text)))
    };
    let (mut open, mut is_asked) = (at + 1, false);
    while open < code.len() && code.closing(open, '{').is_none() {
        is_asked |= (open..code.after(open)).any(asks);
        open = code.after(open);
    }
    let closing = code.closing(open, '{')?;
    is_asked.then_some(open..closing)
}
