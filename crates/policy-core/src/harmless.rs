//! Escapes names and texts of a checked repository, so that no terminal, log or viewer interprets them.

use std::borrow::Cow;
use std::fmt::Write;

/// `text` on one line, with nothing in it that a terminal obeys.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| visible(character) == character && character != '\t') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|character| if character.is_whitespace() { ' ' } else { visible(character) })
            .collect(),
    )
}

/// `text` with its lines, and with nothing else in it that a terminal obeys. Sequences that colour and that link
/// stay where they are the program's `own`.
pub fn harmless_lines(text: &str, own: bool) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let sequence = colour_at_start(rest).or_else(|| link_at_start(rest)).filter(|_| own);
        match sequence {
            Some(sequence) => safe.push_str(sequence),
            None if rest.starts_with("\r\n") => safe.push('\r'),
            None if is_harmful(character) => safe.push(visible(character)),
            None => safe.push(character),
        }
        rest = rest.get(sequence.map_or(character.len_utf8(), str::len)..).unwrap_or_default();
    }
    Cow::Owned(safe)
}

/// JSON in which what is harmful is written as an escape. It can stand in strings alone, and means the same there.
pub fn harmless_json(json: String) -> String {
    if !json.chars().any(is_harmful) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        if is_harmful(character) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "\\u{:04x}", u32::from(character));
        } else {
            safe.push(character);
        }
    }
    safe
}

/// What is shown for `character`: itself, or a picture of it where it would control the terminal or the direction of
/// the text. Tabs stay.
pub fn visible(character: char) -> char {
    match character {
        '\t' => '\t',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        _ => character,
    }
}

/// Whether a text of several lines must not have the character. All such characters lie in the first plane of Unicode.
pub(crate) fn is_harmful(character: char) -> bool {
    character != '\n' && visible(character) != character
}

/// The sequence that sets colours or the weight of letters, at the start of `text`.
fn colour_at_start(text: &str) -> Option<&str> {
    let parameters = text.strip_prefix("\x1b[")?;
    let length = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters.get(length..)?.strip_prefix('m').map(|rest| text.split_at(text.len() - rest.len()).0)
}

/// The sequence that begins or ends a link, at the start of `text`: what is between can end no other sequence.
fn link_at_start(text: &str) -> Option<&str> {
    let address = text.strip_prefix("\x1b]8;;")?;
    let length = address.find(|c: char| !c.is_ascii_graphic())?;
    address.get(length..)?.strip_prefix("\x1b\\").map(|rest| text.split_at(text.len() - rest.len()).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_are_pictured() {
        assert_eq!(harmless("a\x1b[31mb\u{202e}c\nd\x07"), "a␛[31mb\u{fffd}c d␇");
        assert!(matches!(harmless("plain `ü`"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_stay_and_colours_where_they_are_ours() {
        let text = "\x1b[1;31ma\x1b[0m\tb\r\n\x1b[2J\x1b]0;x\x07\rc\n";
        assert_eq!(harmless_lines(text, true), "\x1b[1;31ma\x1b[0m\tb\r\n␛[2J␛]0;x␇␍c\n");
        assert_eq!(harmless_lines(text, false), "␛[1;31ma␛[0m\tb\r\n␛[2J␛]0;x␇␍c\n");
    }

    #[test]
    fn links_stay_where_they_are_ours_and_nothing_that_looks_like_one() {
        let text = "\x1b]8;;file:///a\x1b\\a\x1b]8;;\x1b\\";
        assert_eq!(harmless_lines(text, true), text);
        assert!(!harmless_lines(text, false).contains('\x1b'));
        for other in
            ["\x1b]8;;a b\x1b\\", "\x1b]8;;a\x07", "\x1b]8;;\x1b[2J\x1b\\", "\x1b]52;;a\x1b\\", "\x1b]8;;a"]
        {
            assert!(harmless_lines(other, true).starts_with('␛'), "{other:?}");
        }
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({ "a\u{9b}31m": "\x1b\x7f\u{202e}ü\n" });
        let safe = harmless_json(format!("{value:#}"));
        assert!(!safe.chars().any(is_harmful));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }
}
