//! Statements: what an assignment sets, and where statements and values end.

use crate::code::Code;
use crate::scan::Declares;

/// The names and types before an assignment.
const LONGEST_TARGET: usize = 16;

/// What an assignment sets.
pub(super) struct Target<'c> {
    pub(super) name: &'c str,
    /// Whether it is a field of something.
    pub(super) is_field: bool,
    /// Where the value begins.
    pub(super) value: usize,
}

/// `name :=`, `a, b := …`, `var name =`, `Type name =`, `owner.name =`, and `name:` in what is made of fields.
pub(super) fn target(code: &Code, at: usize, end: usize) -> Option<Target<'_>> {
    let mut next = at;
    let mut name = code.word(at)?;
    let mut is_field = false;
    let first = name;
    // Of several names the first is the one that holds a router.
    let mut is_first = true;
    let end = end.min(at + LONGEST_TARGET);
    while next + 1 < end {
        next += 1;
        if code.is_mark(next, '=') && !code.is_mark(next + 1, '=') && !code.is_mark(next + 1, '>') {
            return Some(Target { name, is_field, value: next + 1 });
        }
        if code.is_mark(next, ':') && code.is_mark(next + 1, '=') {
            return Some(Target { name: first, is_field: false, value: next + 2 });
        }
        if code.is_mark(next, ':') && next == at + 1 && !code.is_mark(next + 1, ':') {
            let begins = at == 0 || code.is_mark(at - 1, ',') || code.closing(at - 1, '{').is_some();
            return begins.then_some(Target { name, is_field: true, value: next + 1 });
        }
        if code.is_mark(next, '.') && matches!(first, "var" | "const") {
            // Part of a type: `var handler http.Handler = mux`.
            next += 1;
        } else if code.is_mark(next, '.') {
            name = code.word(next + 1)?;
            is_field = true;
            next += 1;
        } else if code.is_mark(next, ',') {
            is_first = false;
            code.word(next + 1)?;
            next += 1;
        } else if code.is_mark(next, '*')
            || code.is_mark(next, '?')
            || code.is_mark(next, '<')
            || code.is_mark(next, '>')
        {
            // Part of a type.
        } else if let Some(word) = code.word(next).filter(|_| !begins_line(code, next)) {
            if is_first && matches!(code.word(next - 1), Some("var" | "const" | "let"))
                || code.language.declares == Declares::TypeFirst
            {
                (name, is_field) = (word, false);
            }
        } else {
            return None;
        }
    }
    None
}

fn begins_line(code: &Code, at: usize) -> bool {
    code.token(at).is_some_and(|token| token.begins_line)
}

/// Where a statement ends that goes on at `at`.
pub(super) fn statement_end(code: &Code, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end && !code.is_mark(next, ';') {
        let ends =
            code.language.ends_with_line && next > at && begins_line(code, next) && !continues(code, next);
        if ends {
            break;
        }
        next = code.after(next);
    }
    next.min(end)
}

/// Where a value ends: with its statement, or at a comma.
pub(super) fn value_end(code: &Code, at: usize, end: usize) -> usize {
    let statement = statement_end(code, at, end);
    let mut next = at;
    while next < statement && !code.is_mark(next, ',') {
        next = code.after(next);
    }
    next.min(statement)
}

/// Whether a line goes on with what the one before began.
fn continues(code: &Code, at: usize) -> bool {
    code.is_mark(at, '.')
        || at.checked_sub(1).is_some_and(|before| {
            code.is_mark(before, '.') || code.is_mark(before, '+') || code.is_mark(before, ',')
        })
}
