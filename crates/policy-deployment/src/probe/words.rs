//! The words and operators of a line of shell that is no program.

use policy_text::source::Span;
use policy_text::value::Text;

/// A word, without its quotes.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// The characters; what is not known stands as `${name}`.
    pub(super) text: String,
    /// The same as a value.
    pub(super) source: Text,
    pub(super) at: Span,
}

/// What stands between commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    And,
    Or,
    Pipe,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Word(Token),
    Operator(Operator),
}

/// Cuts a line into words and operators. `None` where it has anything else: several commands in a row, groups, what a
/// command writes in the place of a word.
pub(super) fn split(text: &Text, at: Span) -> Option<Vec<Part>> {
    let written = text.to_string();
    let mut scan = Scan { text, at, written: &written, parts: Vec::new(), word: String::new(), start: None };
    let mut letters = written.char_indices().peekable();
    let mut quote = None;
    let mut skips = false;
    while let Some((offset, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        match (quote, letter) {
            (None | Some('"'), '`') => return None,
            (None | Some('"'), '$') if next == Some('(') => return None,
            (Some(open), _) if letter == open => {
                quote = None;
                scan.begin(offset + 1);
            }
            (None | Some('"'), '\\') if next == Some('\n') => {
                letters.next();
            }
            (None | Some('"'), '\\') => {
                scan.begin(offset);
                scan.word.extend(letters.next().map(|(_, letter)| letter));
            }
            (None, '"' | '\'') => {
                scan.begin(offset + 1);
                quote = Some(letter);
            }
            (None, '$') if next == Some('{') => {
                scan.begin(offset);
                scan.word.push(letter);
                for (_, letter) in letters.by_ref() {
                    scan.word.push(letter);
                    if letter == '}' {
                        break;
                    }
                }
            }
            (None, '|' | '&') if next == Some(letter) => {
                letters.next();
                scan.end(offset, &mut skips);
                scan.parts.push(Part::Operator(if letter == '|' { Operator::Or } else { Operator::And }));
            }
            (None, '|') => {
                scan.end(offset, &mut skips);
                scan.parts.push(Part::Operator(Operator::Pipe));
            }
            // `2>&1` and `>&2` are no operators.
            (None, '&') if scan.word.ends_with('>') => scan.word.push(letter),
            (None, ';' | '\n') if written.get(offset + 1..).is_some_and(|rest| rest.trim().is_empty()) => {
                break;
            }
            (None, ';' | '\n' | '&' | '(' | ')' | '{' | '}' | '#')
                if scan.start.is_none() || letter != '#' =>
            {
                return None;
            }
            (None, space) if space.is_whitespace() => scan.end(offset, &mut skips),
            _ => {
                scan.begin(offset);
                scan.word.push(letter);
            }
        }
    }
    if quote.is_some() {
        return None;
    }
    scan.end(written.len(), &mut skips);
    Some(scan.parts)
}

struct Scan<'t> {
    text: &'t Text,
    at: Span,
    written: &'t str,
    parts: Vec<Part>,
    word: String,
    start: Option<usize>,
}

impl Scan<'_> {
    fn begin(&mut self, offset: usize) {
        self.start.get_or_insert(offset);
    }

    /// Ends a word before `offset`. A redirection is none; `skips` says whether the next word is its file.
    fn end(&mut self, offset: usize, skips: &mut bool) {
        let Some(start) = self.start.take() else { return };
        let word = std::mem::take(&mut self.word);
        if std::mem::take(skips) {
            return;
        }
        let plain = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
        if plain.starts_with(['>', '<']) {
            *skips = plain.trim_start_matches(['>', '<', '&']).is_empty();
            return;
        }
        let quoted = self.written.get(start..offset).unwrap_or_default();
        let end = start + quoted.trim_end_matches(['"', '\'']).len();
        let source = self.text.slice(start..end);
        let at = source.place().unwrap_or(self.at);
        self.parts.push(Part::Word(Token { text: word, source, at }));
    }
}
