//! A file of code: its text and its tokens, asked by position.

use std::ops::Range;

use policy_text::source::{FileId, Span};

use crate::scan::{Kind, Language, Piece, Token, pieces, scan};

/// How many constants one text is made of, with those that they are made of.
pub(crate) const MOST_CONSTANTS: usize = 16;
/// An expression of more tokens says no path.
const MOST_TOKENS: usize = 256;
/// A text that is longer is no path.
const LONGEST: usize = 1 << 10;

/// A file that was scanned.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) file: FileId,
    text: String,
    tokens: Vec<Token>,
    pub(crate) language: &'static Language,
}

impl Code {
    pub(crate) fn new(file: FileId, text: String, language: &'static Language) -> Self {
        let tokens = scan(&text, language);
        Self { file, text, tokens, language }
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(crate) fn token(&self, at: usize) -> Option<Token> {
        self.tokens.get(at).copied()
    }

    /// What the token says, quotes and all.
    pub(crate) fn written(&self, at: usize) -> &str {
        self.token(at)
            .and_then(|token| self.text.get(token.start as usize..token.end as usize))
            .unwrap_or_default()
    }

    /// The word that stands there.
    pub(crate) fn word(&self, at: usize) -> Option<&str> {
        (self.token(at)?.kind == Kind::Word).then(|| self.written(at))
    }

    pub(crate) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at) == Some(word)
    }

    pub(crate) fn is_mark(&self, at: usize, mark: char) -> bool {
        self.token(at).is_some_and(|token| token.kind == Kind::Mark(mark))
    }

    /// Where the bracket of that kind closes that is opened there.
    pub(crate) fn closing(&self, at: usize, bracket: char) -> Option<usize> {
        match self.token(at)?.kind {
            Kind::Open(own, closing) if own == bracket => Some(closing as usize),
            _ => None,
        }
    }

    /// The position after the token, or after all that is between the brackets that it opens.
    pub(crate) fn after(&self, at: usize) -> usize {
        match self.token(at).map(|token| token.kind) {
            Some(Kind::Open(_, closing)) => closing as usize + 1,
            _ => at + 1,
        }
    }

    /// What the text between quotes says that stands there.
    pub(crate) fn pieces(&self, at: usize) -> Option<Vec<Piece>> {
        match self.token(at)?.kind {
            Kind::Text(form) => Some(pieces(self.written(at), form, self.language)),
            _ => None,
        }
    }

    /// What an expression says that is made of texts and names, joined by `+`. `meaning` says what names stand for.
    pub(crate) fn text(
        &self,
        range: Range<usize>,
        mut meaning: impl FnMut(&[&str]) -> Option<String>,
    ) -> Option<String> {
        let terms = if range.len() > MOST_TOKENS { Vec::new() } else { self.split(range, '+') };
        let mut said = String::new();
        for term in &terms {
            said.push_str(&self.said(term.clone(), &mut meaning)?);
            if said.len() > LONGEST {
                return None;
            }
        }
        (!terms.is_empty()).then_some(said)
    }

    /// What a part of a text says: words between quotes, with what `meaning` says of the names in them, or a name with dots
    /// itself. Calls and operators are not known.
    fn said(&self, term: Range<usize>, mut meaning: impl FnMut(&[&str]) -> Option<String>) -> Option<String> {
        if let (Some(pieces), 1) = (self.pieces(term.start), term.len()) {
            let parts = pieces.into_iter().map(|piece| match piece {
                Piece::Literal(text) => Some(text),
                Piece::Hole(name) => meaning(&name.split('.').collect::<Vec<_>>()),
            });
            return parts.collect();
        }
        let mut names = Vec::new();
        for (index, at) in term.enumerate() {
            if index % 2 == 0 {
                names.push(self.word(at)?);
            } else if !self.is_mark(at, '.') {
                return None;
            }
        }
        if names.is_empty() { None } else { meaning(&names) }
    }

    /// What is between the brackets that are opened there, taken apart at its commas.
    pub(crate) fn arguments(&self, open: usize) -> Vec<Range<usize>> {
        let Some(Token { kind: Kind::Open(_, closing), .. }) = self.token(open) else { return Vec::new() };
        self.split(open + 1..closing as usize, ',')
    }

    /// The parts of a range that are divided by a mark outside of brackets. None is empty.
    pub(crate) fn split(&self, range: Range<usize>, mark: char) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let (mut start, mut at) = (range.start, range.start);
        while at < range.end {
            if self.is_mark(at, mark) {
                parts.push(start..at);
                start = at + 1;
            }
            at = self.after(at);
        }
        parts.push(start..range.end);
        parts.retain(|part| part.start < part.end);
        parts
    }

    /// The words of a range, those within brackets too.
    pub(crate) fn words(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        range.filter_map(|at| self.word(at))
    }

    /// The place of these tokens.
    pub(crate) fn span(&self, range: Range<usize>) -> Span {
        let start = self.token(range.start).map_or(0, |token| token.start);
        let last = range.end.min(self.len()).saturating_sub(1).max(range.start);
        let end = self.token(last).map_or(start, |token| token.end);
        Span::new(self.file, start as usize..end as usize)
    }

    /// Whether some word is this one.
    pub(crate) fn mentions(&self, word: &str) -> bool {
        (0..self.len()).any(|at| self.is_word(at, word))
    }
}
