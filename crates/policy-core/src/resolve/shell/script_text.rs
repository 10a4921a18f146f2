//! Shell text that is itself a value: what is put into it from elsewhere becomes a placeholder.

use super::{FIRST_PLACEHOLDER, State};
use crate::parse::embedded::Embedded;
use crate::resolve::{Piece, Text};
use crate::source::Span;

/// How many parts one text may have: each takes one private character.
const MAX_PARTS: usize = 6_000;

/// The text as the shell reads it; `state` learns what each placeholder stands for. `None` for a text of which nothing is
/// written out.
pub(crate) fn script_of(value: &Text, state: &mut State) -> Option<Embedded> {
    let file = value.pieces().iter().find_map(written)?.1.file;
    let mut script = Embedded::new(file);
    let mut end = 0;
    for piece in value.pieces().iter().take(MAX_PARTS) {
        if let Some((text, at)) = written(piece).filter(|(_, at)| at.file == file) {
            if at.range().len() == text.len() {
                script.push(text, at.range().start);
            } else {
                script.push_replacement(text, at.range());
            }
            end = at.range().end;
            continue;
        }
        let index = FIRST_PLACEHOLDER as u32 + state.placeholders.len() as u32;
        let placeholder = char::from_u32(index).unwrap_or(FIRST_PLACEHOLDER);
        let at = used_at(piece).filter(|at| at.file == file).map_or(end..end, Span::range);
        script.push_replacement(&placeholder.to_string(), at);
        let mut text = Text::empty();
        text.push(piece.clone());
        state.placeholders.push(vec![text]);
    }
    Some(script)
}

/// The characters and the place of a piece that is written in the text itself, and not taken from elsewhere.
fn written(piece: &Piece) -> Option<(&str, Span)> {
    match piece {
        Piece::Literal(text, provenance) if provenance.steps().next().is_none() => {
            Some((text, provenance.at))
        }
        Piece::Literal(..) | Piece::Hole(_) => None,
    }
}

fn used_at(piece: &Piece) -> Option<Span> {
    match piece {
        Piece::Literal(_, provenance) => provenance.steps().next().map(|step| step.at),
        Piece::Hole(hole) => Some(hole.at),
    }
}
