//! Shell text that is itself a value: what is put into it from elsewhere becomes a placeholder.

use policy_text::embedded::Embedded;
use policy_text::value::{Piece, Provenance, Text};

use super::State;

/// The text as the shell reads it; `state` learns what each placeholder stands for. `None` for a text of which nothing is
/// written out, or that has more parts than there are placeholders.
pub fn script_of(value: &Text, state: &mut State) -> Option<Embedded> {
    let file = value.pieces().iter().find_map(written).or_else(|| value.last_literal())?.at.file;
    let mut script = Embedded::new(file);
    for piece in value.pieces() {
        let at = match piece {
            Piece::Literal(text, provenance) => {
                // What is put in and has several words is a piece of script itself.
                if written(piece).is_some() || text.contains(char::is_whitespace) {
                    script.push_at(text, provenance.at);
                    continue;
                }
                provenance.steps().next().map_or(provenance.at, |step| step.at)
            }
            Piece::Hole(hole) => hole.at,
        };
        let mut text = Text::empty();
        text.push(piece.clone());
        let placeholder = state.stand_in(vec![text])?;
        script.push_for(&placeholder.to_string(), at);
    }
    Some(script)
}

/// The place of a piece that is written in the text itself, and not taken from elsewhere.
fn written(piece: &Piece) -> Option<&Provenance> {
    match piece {
        Piece::Literal(_, provenance) if provenance.steps().next().is_none() => Some(provenance),
        Piece::Literal(..) | Piece::Hole(_) => None,
    }
}
