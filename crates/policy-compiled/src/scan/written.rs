//! What a text says that stands between quotes.

use super::Language;
use super::language::{Escape, Form};

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// It says this.
    Literal(String),
    /// What this expression gives.
    Hole(String),
}

/// What `written` says, by the form of that index.
pub(crate) fn pieces(written: &str, form: u8, language: &Language) -> Vec<Piece> {
    let Some(form) = language.forms.get(usize::from(form)) else { return Vec::new() };
    let inner = written.strip_prefix(form.open).unwrap_or(written);
    let mut rest = inner.strip_suffix(form.close).unwrap_or(inner);
    let mut pieces = Vec::new();
    let mut literal = String::new();
    while let Some(letter) = rest.chars().next() {
        let (said, length) = unescaped(rest, letter, form);
        if let Some((hole, length)) = hole(rest, form).filter(|_| length == letter.len_utf8()) {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
            pieces.push(Piece::Hole(hole));
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        literal.push(said);
        rest = rest.get(length..).unwrap_or_default();
    }
    pieces.push(Piece::Literal(literal));
    pieces
}

/// The character that `rest` begins with, and the length of how it is written.
fn unescaped(rest: &str, letter: char, form: &Form) -> (char, usize) {
    match form.escape {
        Escape::Backslash if letter == '\\' => match rest.chars().nth(1) {
            Some('n') => ('\n', 2),
            Some('t') => ('\t', 2),
            Some(other) => (other, 1 + other.len_utf8()),
            None => (letter, 1),
        },
        Escape::Doubled if rest.starts_with("\"\"") => ('"', 2),
        _ if form.hole == Some("{") && (rest.starts_with("{{") || rest.starts_with("}}")) => (letter, 2),
        _ => (letter, letter.len_utf8()),
    }
}

/// The expression that `rest` begins with, and the length of how it is written.
fn hole(rest: &str, form: &Form) -> Option<(String, usize)> {
    let open = form.hole?;
    let inner = rest.strip_prefix(open)?;
    if open == "$" {
        if let Some(inner) = inner.strip_prefix('{') {
            let end = inner.find('}').unwrap_or(inner.len());
            return Some((inner.get(..end)?.to_owned(), (end + 3).min(rest.len())));
        }
        let end = inner.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(inner.len());
        return (end > 0).then(|| (inner.get(..end).unwrap_or_default().to_owned(), end + 1));
    }
    let end = inner.find('}').unwrap_or(inner.len());
    Some((inner.get(..end)?.to_owned(), (end + 2).min(rest.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(written: &str, form: u8, language: &Language) -> String {
        let pieces = pieces(written, form, language).into_iter().map(|piece| match piece {
            Piece::Literal(text) => text,
            Piece::Hole(hole) => format!("<{hole}>"),
        });
        pieces.collect()
    }

    #[test]
    fn texts_say_what_their_language_means() {
        for (written, form, language, expected) in [
            ("\"/a\\\"b\"", 1, &Language::JAVA, "/a\"b"),
            ("\"/$A/${b.c}/\\$d\"", 1, &Language::KOTLIN, "/<A>/<b.c>/$d"),
            ("\"/{id:regex(^\\\\d+$)}\"", 6, &Language::CSHARP, "/{id:regex(^\\d+$)}"),
            ("@\"a\"\"\\d\"", 4, &Language::CSHARP, "a\"\\d"),
            ("$\"{Base}/x{{y}}\"", 5, &Language::CSHARP, "<Base>/x{y}"),
            ("`a\\b`", 0, &Language::GO, "a\\b"),
            ("\"open", 1, &Language::GO, "open"),
        ] {
            assert_eq!(said(written, form, language), expected, "{written}");
        }
    }
}
