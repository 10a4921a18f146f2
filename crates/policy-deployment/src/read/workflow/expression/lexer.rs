//! The words of an expression: texts in quotes, names with their properties, operators.

use std::ops::Range;

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A text in quotes, or a number.
    Text(String),
    /// `steps.meta.outputs.tags`, also written with brackets.
    Path(Vec<String>),
    /// Anything else.
    Operator(String),
}

/// The words of `text` within `range`, with their places.
pub(super) fn tokens(text: &str, range: Range<usize>) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut at = range.start;
    while let Some(rest) = text.get(at..range.end).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if first == '\'' {
            let (content, length) = quoted(rest);
            tokens.push((Token::Text(content), at + 1..(at + length).saturating_sub(1).max(at + 1)));
            at += length;
        } else if first.is_ascii_digit() {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
            tokens.push((Token::Text(rest.get(..length).unwrap_or_default().to_owned()), at..at + length));
            at += length;
        } else if first.is_alphabetic() || first == '_' {
            let (path, length) = path(rest);
            tokens.push((Token::Path(path), at..at + length));
            at += length;
        } else {
            let two = rest.get(..2).filter(|two| matches!(*two, "||" | "&&" | "==" | "!=" | "<=" | ">="));
            let operator = two.map_or_else(|| first.to_string(), str::to_owned);
            let length = operator.len();
            tokens.push((Token::Operator(operator), at..at + length));
            at += length;
        }
    }
    tokens
}

/// A text in quotes, in which two quotes stand for one, and its length as written.
fn quoted(rest: &str) -> (String, usize) {
    let mut content = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((offset, character)) = characters.next() {
        if character != '\'' {
            content.push(character);
        } else if characters.next_if(|&(_, next)| next == '\'').is_some() {
            content.push('\'');
        } else {
            return (content, offset + 1);
        }
    }
    (content, rest.len())
}

/// A name with what follows it in `.name` and `['name']`.
fn path(rest: &str) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    let mut at = 0;
    loop {
        let here = rest.get(at..).unwrap_or_default();
        let length =
            here.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '*')).unwrap_or(here.len());
        path.push(here.get(..length).unwrap_or_default().to_owned());
        at += length;
        while let Some(inner) = rest.get(at..).and_then(|rest| rest.strip_prefix("['")) {
            let Some(end) = inner.find("']") else { break };
            path.push(inner.get(..end).unwrap_or_default().to_owned());
            at += end + 4;
        }
        if rest.get(at..).is_some_and(|rest| rest.starts_with('.')) {
            at += 1;
        } else {
            return (path, at);
        }
    }
}
