//! The variables in a compose file's values, as compose puts them in: `${X:-default}`, `$X`, `$$`.

use std::collections::BTreeMap;
use std::ops::Range;

use policy_text::embedded::Embedded;
use policy_text::value::{Hole, Origin, Piece, Provenance, Text};

/// How deep a default may stand in a default.
const MAX_DEPTH: usize = 8;

/// Variables with the values that the project's `.env` file gives them.
pub(super) type Environment = BTreeMap<String, Text>;

/// The value with its variables replaced: by the environment's values, else by their defaults, else by holes.
pub(super) fn interpolate(value: &Embedded, environment: &Environment) -> Text {
    range(value, 0..value.as_str().len(), environment, 0)
}

/// The same as text in which a variable that nothing decides still stands.
pub(super) fn substitute(value: &Embedded, environment: &Environment) -> Embedded {
    let mut text = Embedded::new(value.file());
    for piece in interpolate(value, environment).pieces() {
        match piece {
            Piece::Literal(characters, provenance) => text.push_at(characters, provenance.at),
            Piece::Hole(Hole { origin: Origin::Environment(name), at }) => {
                text.push_for(&format!("${{{name}}}"), *at);
            }
            Piece::Hole(_) => {}
        }
    }
    text
}

fn range(value: &Embedded, within: Range<usize>, environment: &Environment, depth: usize) -> Text {
    let mut text = Text::empty();
    let mut at = within.start;
    while at < within.end {
        let rest = value.as_str().get(at..within.end).unwrap_or_default();
        let plain = rest.find('$').unwrap_or(rest.len());
        push(&mut text, value, at..at + plain);
        at += plain;
        let Some(after) = rest.get(plain + 1..) else { break };
        let length = match after.chars().next() {
            Some('$') => {
                push(&mut text, value, at..at + 1);
                2
            }
            Some('{') => {
                if let Some(end) = closing_brace(after) {
                    let inner = at + 2..at + 1 + end;
                    text.append(&braced(value, inner, environment, depth));
                    end + 2
                } else {
                    push(&mut text, value, at..within.end);
                    within.end - at
                }
            }
            _ => {
                let name = name_length(after);
                if name == 0 {
                    push(&mut text, value, at..at + 1);
                } else {
                    let found = after.get(..name).unwrap_or_default();
                    text.append(&variable(value, at..at + 1 + name, found, environment));
                }
                name + 1
            }
        };
        at += length;
    }
    text
}

/// What stands between the braces: a name, perhaps an operator, and its word.
fn braced(value: &Embedded, inner: Range<usize>, environment: &Environment, depth: usize) -> Text {
    let written = value.as_str().get(inner.clone()).unwrap_or_default();
    let name = written.get(..name_length(written)).unwrap_or_default();
    let operator = written.get(name.len()..).unwrap_or_default();
    let whole = inner.start.saturating_sub(2)..inner.end + 1;
    let (length, otherwise) = match operator.as_bytes() {
        [b':', b'-', ..] => (2, true),
        [b'-', ..] => (1, true),
        [b':', b'+', ..] => (2, false),
        [b'+', ..] => (1, false),
        _ => return variable(value, whole, name, environment),
    };
    let word = inner.start + name.len() + length..inner.end;
    let known = environment.get(name).filter(|known| length == 1 || !known.pieces().is_empty());
    match (known, otherwise) {
        (Some(_), true) => variable(value, whole, name, environment),
        (None, false) => Text::empty(),
        _ if depth < MAX_DEPTH => range(value, word, environment, depth + 1),
        _ => Text::hole(Origin::Other("defaults nested too deeply".into()), value.span(whole)),
    }
}

fn variable(value: &Embedded, at: Range<usize>, name: &str, environment: &Environment) -> Text {
    let at = value.span(at);
    match environment.get(name) {
        Some(known) => known.through(at, format!("`{name}` is used here")),
        None => Text::hole(Origin::Environment(name.into()), at),
    }
}

fn push(text: &mut Text, value: &Embedded, range: Range<usize>) {
    let characters = value.as_str().get(range.clone()).unwrap_or_default();
    let mut start = range.start;
    // Each line of a block stands behind its own indentation.
    for line in characters.split_inclusive('\n') {
        let at = value.span(start..start + line.len());
        text.push(Piece::Literal(line.into(), Provenance::at(at)));
        start += line.len();
    }
}

fn name_length(text: &str) -> usize {
    let digits_first = text.starts_with(|c: char| c.is_ascii_digit());
    if digits_first {
        0
    } else {
        text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
    }
}

/// The offset of the brace that closes the one `text` begins with.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (offset, character) in text.char_indices() {
        match character {
            '{' => open += 1,
            '}' => {
                open = open.checked_sub(1)?;
                if open == 0 {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, Span};

    use super::*;

    #[track_caller]
    fn assert_value(written: &str, expected: &str) {
        let at = Span::start_of(FileId(0));
        let environment = Environment::from([
            ("TAG".to_owned(), Text::literal("1.2", at)),
            ("EMPTY".to_owned(), Text::empty()),
        ]);
        let text = interpolate(&Embedded::whole(FileId(0), written), &environment);
        assert_eq!(text.to_string(), expected, "{written}");
    }

    #[test]
    fn variables_take_their_value_then_their_default() {
        assert_value("app:${TAG:-latest}", "app:1.2");
        assert_value("app:$TAG", "app:1.2");
        assert_value("app:${OTHER:-latest}", "app:latest");
        assert_value("app:${OTHER-latest}", "app:latest");
        assert_value("app:${EMPTY:-latest}", "app:latest");
        assert_value("app:${EMPTY-latest}", "app:");
        assert_value("app:${A:-${B:-latest}}", "app:latest");
        assert_value("app${TAG:+-x}${OTHER:+-y}", "app-x");
    }

    #[test]
    fn what_nothing_decides_is_a_hole() {
        assert_value("app:${OTHER}", "app:${OTHER}");
        assert_value("app:${OTHER:?must be set}", "app:${OTHER}");
        assert_value("$HOME/x", "${HOME}/x");
    }

    #[test]
    fn dollars_that_start_no_variable_stay() {
        assert_value("a$$b", "a$b");
        assert_value("cost $5", "cost $5");
        assert_value("${open", "${open");
        assert_value("end$", "end$");
        assert_value(&format!("{}x{}", "${A:-".repeat(20), "}".repeat(20)), "${…}");
    }

    #[test]
    fn a_default_knows_its_place() {
        let text = interpolate(&Embedded::slice(FileId(0), "app:${T:-latest}", 10), &Environment::new());
        assert_eq!(text.last_literal().unwrap().at.range(), 19..25);
    }
}
