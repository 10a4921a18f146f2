//! The tokens of nginx's configuration, cut as nginx cuts them.

use policy_text::embedded::Embedded;
use policy_text::source::Span;

use super::Word;

/// A token.
pub(super) enum Token {
    /// A word.
    Word(Word),
    /// `;`
    Semicolon(Span),
    /// `{`
    Open(Span),
    /// `}` where a word could begin; within a word it is a character like others.
    Close(Span),
    /// A quote that has no end.
    Unterminated(Span),
}

/// The tokens of a text, from left to right.
pub(super) struct Tokens<'s> {
    source: &'s Embedded,
    text: &'s str,
    next: usize,
}

impl<'s> Tokens<'s> {
    pub(super) fn new(source: &'s Embedded) -> Self {
        let text = source.as_str();
        Self { source, text, next: if text.starts_with('\u{feff}') { 3 } else { 0 } }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn next_token(&mut self) -> Option<Token> {
        loop {
            match self.byte(self.next)? {
                b' ' | b'\t' | b'\r' | b'\n' => self.next += 1,
                b'#' => {
                    let rest = self.text.get(self.next..).unwrap_or_default();
                    self.next += rest.find('\n').unwrap_or(rest.len());
                }
                _ => break,
            }
        }
        let start = self.next;
        let single = |tokens: &mut Self| {
            tokens.next += 1;
            tokens.source.span(start..start + 1)
        };
        Some(match self.byte(start)? {
            b';' => Token::Semicolon(single(self)),
            b'{' => Token::Open(single(self)),
            b'}' => Token::Close(single(self)),
            quote @ (b'"' | b'\'') => self.quoted(quote),
            _ => self.plain(),
        })
    }

    fn quoted(&mut self, quote: u8) -> Token {
        let start = self.next;
        let mut end = start + 1;
        loop {
            match self.byte(end) {
                Some(b'\\') => end += 2,
                Some(byte) if byte == quote => break,
                Some(_) => end += 1,
                None => {
                    self.next = self.text.len();
                    return Token::Unterminated(self.source.span(start..self.text.len()));
                }
            }
        }
        self.next = end + 1;
        Token::Word(self.word(start + 1..end, start..end + 1))
    }

    fn plain(&mut self) -> Token {
        let start = self.next;
        let mut end = start;
        let mut after_dollar = false;
        while let Some(byte) = self.byte(end) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' => break,
                b'{' if !after_dollar => break,
                b'\\' => end += 1,
                _ => {}
            }
            after_dollar = byte == b'$';
            end += 1;
        }
        let end = end.min(self.text.len());
        self.next = end;
        Token::Word(self.word(start..end, start..end))
    }

    fn word(&self, content: std::ops::Range<usize>, whole: std::ops::Range<usize>) -> Word {
        Word { text: unescaped(self.text.get(content).unwrap_or_default()), at: self.source.span(whole) }
    }

    /// Goes past the end of a block of another language, whose `{` was the last token.
    pub(super) fn skip_block(&mut self) {
        let mut depth = 1_usize;
        while let Some(byte) = self.byte(self.next) {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                quote @ (b'"' | b'\'') => {
                    // A quote that is not closed on its line is an apostrophe of a comment.
                    let rest = self.text.get(self.next + 1..).unwrap_or_default();
                    let line = rest.lines().next().unwrap_or_default();
                    self.next += line.find(char::from(quote)).map_or(0, |length| length + 1);
                }
                _ => {}
            }
            self.next += 1;
            if depth == 0 {
                break;
            }
        }
    }
}

/// `\"`, `\'`, `\\`, `\t`, `\r` and `\n` are replaced; any other backslash stays.
fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let replaced = match (character, characters.peek()) {
            ('\\', Some(&next @ ('"' | '\'' | '\\'))) => Some(next),
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('n')) => Some('\n'),
            _ => None,
        };
        if let Some(replaced) = replaced {
            characters.next();
            result.push(replaced);
        } else {
            result.push(character);
        }
    }
    result
}
