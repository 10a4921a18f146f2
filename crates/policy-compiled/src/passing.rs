//! Code that requests pass on their way to the handlers: whether it may answer some of them by itself, by their path.

use std::collections::HashSet;
use std::ops::Range;

use crate::code::Code;
use crate::scan::{Condition, Kind};

/// Tokens of one condition or assignment that are looked at.
const LONGEST: usize = 64;

/// How a language passes requests on, and says their paths.
pub(crate) struct Passing<'p> {
    pub(crate) code: &'p Code,
    /// The members of a request that say its path.
    pub(crate) paths: &'static [&'static str],
    /// Whether a request is passed on by what stands there.
    pub(crate) passes: &'p dyn Fn(usize) -> bool,
    /// Whether a function of that name looks at the path of what it is given.
    pub(crate) reads: &'p dyn Fn(&str) -> bool,
}

impl Passing<'_> {
    /// Whether requests are passed on somewhere in a body.
    pub(crate) fn passes_on(&self, body: Range<usize>) -> bool {
        body.into_iter().any(self.passes)
    }

    /// Whether the path is looked at somewhere in a body.
    pub(crate) fn looks(&self, body: Range<usize>) -> bool {
        body.into_iter().any(|at| self.is_path(at))
    }

    /// Whether a body gives a request another path.
    fn changes(&self, body: Range<usize>) -> bool {
        let is_set = |at: usize| self.code.is_mark(at + 1, '=') && !self.code.is_mark(at + 2, '=');
        body.into_iter().any(|at| self.is_path(at) && is_set(at))
    }

    /// Whether a body does not pass on every request as it is, as its path decides. What only says the path, as a log does,
    /// decides nothing.
    pub(crate) fn decides(&self, body: Range<usize>) -> bool {
        if self.changes(body.clone()) {
            return true;
        }
        let variables: HashSet<&str> = body
            .clone()
            .filter(|at| self.is_path(*at))
            .filter_map(|at| self.variable(body.start, at))
            .collect();
        let passing: Vec<usize> = body.clone().filter(|at| (self.passes)(*at)).collect();
        let passes_within = |range: Range<usize>| {
            let first = passing.partition_point(|at| *at < range.start);
            passing.get(first).is_some_and(|at| *at < range.end)
        };
        let is_test = |at: usize| matches!(self.code.word(at), Some("if" | "switch" | "case" | "when"));
        body.clone().filter(|at| is_test(*at)).any(|at| {
            let block = self.block(at, body.end);
            let header = at + 1..block.start.min(at + LONGEST);
            let is_negated = header.clone().any(|at| self.code.is_mark(at, '!'));
            let concerns = header.into_iter().any(|at| {
                let named = |word: &str| variables.contains(word) || (self.reads)(word);
                self.is_path(at) || self.code.word(at).is_some_and(named)
            });
            let goes_on = passes_within(block.end..body.end) && passes_within(block);
            concerns && (is_negated || !goes_on)
        }) || body.clone().any(|at| self.chooses(at, &body, &passes_within))
    }

    /// Whether a `? :` there passes requests on in one of its parts alone, as their path decides.
    fn chooses(&self, at: usize, body: &Range<usize>, passes: &dyn Fn(Range<usize>) -> bool) -> bool {
        if !self.code.is_mark(at, '?') {
            return false;
        }
        let kind = |at: usize| self.code.token(at).map(|token| token.kind);
        let is_end =
            |at: &usize| matches!(kind(*at), Some(Kind::Mark(';') | Kind::Open('{', _) | Kind::Close('}')));
        let first = body.start.max(at.saturating_sub(LONGEST));
        let start = (first..at).rev().find(is_end).unwrap_or(first);
        let last = body.end.min(at + LONGEST);
        let (mut end, mut colon) = (at + 1, None);
        while end < last && !matches!(kind(end), Some(Kind::Mark(';' | ',') | Kind::Close(_))) {
            colon = colon.or_else(|| self.code.is_mark(end, ':').then_some(end));
            end = self.code.after(end);
        }
        let Some(colon) = colon else { return false };
        self.looks(start..at) && passes(at + 1..colon) != passes(colon..end.min(last))
    }

    fn is_path(&self, at: usize) -> bool {
        self.code.is_mark(at.wrapping_sub(1), '.')
            && self.code.word(at).is_some_and(|word| self.paths.contains(&word))
    }

    /// The variable that the path is put into which stands there.
    fn variable(&self, start: usize, at: usize) -> Option<&str> {
        let ends = |at: &usize| {
            self.code.is_mark(*at, ';')
                || ['{', '('].iter().any(|open| self.code.closing(*at, *open).is_some())
        };
        let first = (start.max(at.saturating_sub(LONGEST))..at).rev();
        let equals =
            first.take_while(|at| !ends(at) || self.code.closing(*at, '(').is_some()).find(|at| {
                self.code.is_mark(*at, '=')
                    && !self.code.is_mark(at + 1, '=')
                    && !self.code.is_mark(at.wrapping_sub(1), '=')
                    && !self.code.is_mark(at.wrapping_sub(1), '!')
            })?;
        let before = equals.checked_sub(1)?;
        self.code.word(if self.code.is_mark(before, ':') { before.checked_sub(1)? } else { before })
    }

    /// What a condition decides on that begins at a word.
    fn block(&self, at: usize, end: usize) -> Range<usize> {
        let mut open = at + 1;
        // In brackets, or up to the body.
        if self.code.closing(open, '(').is_some() && self.code.language.condition == Condition::InBrackets {
            open = self.code.after(open);
        } else {
            let begins = |at| self.code.closing(at, '{').is_some() || self.code.is_mark(at, ':');
            for _ in 0..LONGEST {
                open = if begins(open) { open } else { self.code.after(open) };
            }
        }
        let open = open.min(end);
        let closing = self.code.closing(open, '{');
        let closing =
            closing.or_else(|| (open..end.min(open + LONGEST)).find(|at| self.code.is_mark(*at, ';')));
        open..closing.unwrap_or(end).min(end)
    }
}
