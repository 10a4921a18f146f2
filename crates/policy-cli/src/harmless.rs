//! Text from files made harmless: a terminal must not obey what a checked repository says.

use std::borrow::Cow;

/// `text` on one line, with nothing in it that a terminal obeys.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| visible(character) == character && character != '\t') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|character| if character.is_whitespace() { ' ' } else { visible(character) })
            .collect(),
    )
}

/// What is shown for `character`: itself, or a picture of it where it would control the terminal or the direction of
/// the text. Tabs stay.
pub(crate) fn visible(character: char) -> char {
    match character {
        '\t' => '\t',
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_are_pictured() {
        assert_eq!(harmless("a\x1b[31mb\u{202e}c\nd\x07"), "a␛[31mb\u{fffd}c d␇");
        assert!(matches!(harmless("plain `ü`"), Cow::Borrowed(_)));
    }
}
