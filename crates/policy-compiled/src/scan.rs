//! A text as tokens: words, numbers, texts, marks and brackets. One scanner for all languages, which a row of a table tells apart.

mod language;
mod written;

pub(crate) use language::{Closure, Condition, Declares, Language};
pub(crate) use written::{Piece, pieces};

use language::Form;

/// One token. Offsets are those of the bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether it is the first of its line.
    pub(crate) begins_line: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    /// A text between quotes, by the index of its form in the table of the language.
    Text(u8),
    /// A character that stands for itself.
    Mark(char),
    /// `(`, `[` or `{`, with the index of the token that closes it; of the end of the file, where nothing does.
    Open(char, u32),
    /// `)`, `]` or `}`.
    Close(char),
}

/// The tokens of a text, without its comments.
pub(crate) fn scan(text: &str, language: &Language) -> Vec<Token> {
    let mut scanner = Scanner {
        text,
        language,
        at: 0,
        tokens: Vec::new(),
        open: Vec::new(),
        counts: [0; 3],
        begins_line: true,
    };
    while scanner.at < text.len() {
        scanner.next();
    }
    let end = scanner.tokens.len() as u32;
    while let Some(open) = scanner.open.pop() {
        scanner.close(open, end);
    }
    scanner.tokens
}

const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

struct Scanner<'t> {
    text: &'t str,
    language: &'t Language,
    at: usize,
    tokens: Vec<Token>,
    /// The indices of the brackets that are open.
    open: Vec<usize>,
    /// How many of them there are of each kind.
    counts: [usize; 3],
    begins_line: bool,
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        if first == '\n' {
            self.begins_line = true;
        }
        if first.is_whitespace() {
            self.at += first.len_utf8();
        } else if self.is_line_comment(rest) {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            self.at += block_comment(rest, self.language.nests_comments);
        } else if let Some((index, form)) = self.form(rest) {
            let length = form.length(rest);
            self.push(Kind::Text(index), length);
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            self.push(if first.is_ascii_digit() { Kind::Number } else { Kind::Word }, length);
        } else if let Some(kind) = BRACKETS.iter().position(|(open, _)| *open == first) {
            self.open.push(self.tokens.len());
            if let Some(count) = self.counts.get_mut(kind) {
                *count += 1;
            }
            self.push(Kind::Open(first, 0), 1);
        } else if let Some(kind) = BRACKETS.iter().position(|(_, close)| *close == first) {
            self.closing(kind);
            self.push(Kind::Close(first), 1);
        } else {
            self.push(Kind::Mark(first), first.len_utf8());
        }
    }

    fn is_line_comment(&self, rest: &str) -> bool {
        rest.starts_with("//") || self.language.has_directives && self.begins_line && rest.starts_with('#')
    }

    fn form(&self, rest: &str) -> Option<(u8, &'t Form)> {
        let index = self.language.forms.iter().position(|form| rest.starts_with(form.open))?;
        Some((index as u8, self.language.forms.get(index)?))
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let (start, end) = (self.at as u32, (self.at + length) as u32);
        self.tokens.push(Token { kind, start, end, begins_line: self.begins_line });
        self.begins_line = false;
        self.at += length;
    }

    /// Closes the last open bracket of a kind, and those within it that nothing closed. One too many closes nothing.
    fn closing(&mut self, kind: usize) {
        if self.counts.get(kind).is_none_or(|count| *count == 0) {
            return;
        }
        let end = self.tokens.len() as u32;
        while let Some(open) = self.open.pop() {
            if self.close(open, end) == Some(kind) {
                return;
            }
        }
    }

    /// Notes where a bracket ends. Its kind.
    fn close(&mut self, open: usize, end: u32) -> Option<usize> {
        let Some(Token { kind: Kind::Open(bracket, closing), .. }) = self.tokens.get_mut(open) else {
            return None;
        };
        *closing = end;
        let kind = BRACKETS.iter().position(|(own, _)| own == bracket)?;
        if let Some(count) = self.counts.get_mut(kind) {
            *count -= 1;
        }
        Some(kind)
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

/// How long the comment is that a text begins with.
fn block_comment(text: &str, nests: bool) -> usize {
    if !nests {
        return text.get(2..).and_then(|rest| rest.find("*/")).map_or(text.len(), |end| end + 4);
    }
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, language: &Language) -> String {
        let tokens = scan(text, language);
        let words = tokens.iter().map(|token| {
            let own = &text[token.start as usize..token.end as usize];
            match token.kind {
                Kind::Open(_, closing) => format!("{own}{closing}"),
                _ => own.to_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_texts_and_marks_are_told_apart_and_comments_left_out() {
        for (text, language, expected) in [
            ("@Get(\"/a\") // x\nint b;", &Language::JAVA, "@ Get (4 \"/a\" ) int b ;"),
            ("a /* \" */ b '\"' c", &Language::JAVA, "a b '\"' c"),
            ("x = \"\"\"\n\"a\" \\\"\"\"\"; y", &Language::JAVA, "x = \"\"\"\n\"a\" \\\"\"\"\" ; y"),
            ("a /* /* */ */ b", &Language::KOTLIN, "a b"),
            ("\"${m[\"k\"]}/x\" z", &Language::KOTLIN, "\"${m[\"k\"]}/x\" z"),
            (
                "@\"c:\\\" + $\"{a[\"b\"]}{{\" + @\"\"\"\" x",
                &Language::CSHARP,
                "@\"c:\\\" + $\"{a[\"b\"]}{{\" + @\"\"\"\" x",
            ),
            ("#region \"a\nb", &Language::CSHARP, "b"),
            ("`a\\` + '\\'' + \"\\\"\"", &Language::GO, "`a\\` + '\\'' + \"\\\"\""),
            ("\"open\nb", &Language::GO, "\"open b"),
        ] {
            assert_eq!(shown(text, language), expected, "{text}");
        }
    }

    #[test]
    fn brackets_know_where_they_end_also_where_some_are_missing() {
        for (text, expected) in [
            ("{ ( ) }", "{3 (2 ) }"),
            ("{ ( }", "{2 (2 }"),
            ("( } )", "(2 } )"),
            ("{ [", "{2 [2"),
            (") {", ") {2"),
        ] {
            assert_eq!(shown(text, &Language::JAVA), expected, "{text}");
        }
    }
}
