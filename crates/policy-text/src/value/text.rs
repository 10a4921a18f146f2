//! Text that may be partly unknown: literal pieces with their places, and holes with their origins.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::Provenance;
use crate::source::Span;

/// A string value: a sequence of literal pieces and holes. Empty means the empty string.
///
/// Invariant: no literal piece is empty. Neighbouring literals stay apart, so that each keeps its own place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pieces: Vec<Piece>,
}

/// A part of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Known characters, and where they were written.
    Literal(Arc<str>, Provenance),
    /// Characters that are not known.
    Hole(Hole),
}

/// Unknown characters in a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// What decides the characters.
    pub origin: Origin,
    /// The expression that stands for them.
    pub at: Span,
}

/// What decides a value that the repository alone does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A part of the address of the page that the code runs in.
    Page(PagePart),
    /// An environment variable by name, with no value in the repository.
    Environment(Arc<str>),
    /// A parameter, an input without a default, an argument of a script.
    Parameter(Arc<str>),
    /// A value that differs on every run: a commit id, a date, a build number. The text names it.
    Unique(Arc<str>),
    /// An attribute that exists only once the resource does. The text is its address.
    Cloud(Arc<str>),
    /// A call that could not be followed. The text is the function's name.
    Call(Arc<str>),
    /// What a command of a shell writes.
    Output {
        /// The program.
        command: Arc<str>,
        /// The variable that holds all of it, and nothing else.
        variable: Option<Arc<str>>,
    },
    /// Anything else. The text says why, for people: "more than 16 alternatives".
    Other(Cow<'static, str>),
}

/// A part of the page's address, as `window.location` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PagePart {
    /// `https://example.org:8443/a?b#c`
    Href,
    /// `https://example.org:8443`
    Origin,
    /// `https:`
    Protocol,
    /// `example.org:8443`; without a port where it is the scheme's own.
    Host,
    /// `example.org`
    Hostname,
    /// `8443`; empty where it is the scheme's own.
    Port,
    /// `/a`, and what follows it.
    Path,
}

impl Text {
    /// The empty string.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Known characters written at `at`.
    pub fn literal(text: impl Into<Arc<str>>, at: Span) -> Self {
        Self::literal_from(text, Provenance::at(at))
    }

    /// Known characters with all the places they came through.
    pub fn literal_from(text: impl Into<Arc<str>>, provenance: Provenance) -> Self {
        let mut value = Self::empty();
        value.push(Piece::Literal(text.into(), provenance));
        value
    }

    /// Unknown characters.
    pub fn hole(origin: Origin, at: Span) -> Self {
        Self { pieces: vec![Piece::Hole(Hole { origin, at })] }
    }

    /// Adds a piece at the end. An empty literal adds nothing.
    pub fn push(&mut self, piece: Piece) {
        if !matches!(&piece, Piece::Literal(text, _) if text.is_empty()) {
            self.pieces.push(piece);
        }
    }

    /// Adds all pieces of `other` at the end.
    pub fn append(&mut self, other: &Text) {
        self.pieces.extend_from_slice(&other.pieces);
    }

    /// The pieces from left to right.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The holes from left to right.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Literal(..) => None,
        })
    }

    /// The environment variable that it begins with, and where that is used.
    pub fn leading_variable(&self) -> Option<(&str, Span)> {
        match self.pieces.first()? {
            Piece::Hole(Hole { origin: Origin::Environment(name), at }) => Some((name, *at)),
            _ => None,
        }
    }

    /// Whether it is the empty string. A hole is not, though it may turn out to be.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The characters, where all are known.
    pub fn known(&self) -> Option<Cow<'_, str>> {
        self.holes().next().is_none().then(|| joined(&self.pieces))
    }

    /// The known characters before the first hole.
    pub fn known_prefix(&self) -> String {
        self.pieces.iter().map_while(Piece::as_literal).collect()
    }

    /// The known characters after the last hole.
    pub fn known_suffix(&self) -> String {
        let tail: Vec<&str> = self.pieces.iter().rev().map_while(Piece::as_literal).collect();
        tail.into_iter().rev().collect()
    }

    /// Whether two texts are equal or may turn out to be.
    pub fn may_equal(&self, other: &Self) -> bool {
        if let (Some(own), Some(other)) = (self.known(), other.known()) {
            return own == other;
        }
        // Around the same unknown characters, texts of different lengths differ.
        if self.holes().eq(other.holes()) && self.len() != other.len() {
            return false;
        }
        let apart = |a: &str, b: &str| !a.starts_with(b) && !b.starts_with(a);
        let ends_apart = |a: &str, b: &str| !a.ends_with(b) && !b.ends_with(a);
        !apart(&self.known_prefix(), &other.known_prefix())
            && !ends_apart(&self.known_suffix(), &other.known_suffix())
    }

    /// The place of the first piece.
    pub fn place(&self) -> Option<Span> {
        self.pieces.first().map(|piece| match piece {
            Piece::Literal(_, provenance) => provenance.at,
            Piece::Hole(hole) => hole.at,
        })
    }

    /// Whether any known characters are written within `place`.
    pub fn is_from(&self, place: Span) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Literal(_, from) => from.at.is_within(place),
            Piece::Hole(_) => false,
        })
    }

    /// The place that decides the last known characters: for an image reference, where its tag is written.
    pub fn last_literal(&self) -> Option<&Provenance> {
        self.pieces.iter().rev().find_map(|piece| match piece {
            Piece::Literal(_, provenance) => Some(provenance),
            Piece::Hole(_) => None,
        })
    }

    /// Every literal after it passed through one more place; see [`Provenance::through`].
    #[must_use]
    pub fn through(&self, at: Span, note: impl Into<Cow<'static, str>>) -> Self {
        let note = note.into();
        let pieces = self.pieces.iter().map(|piece| match piece {
            Piece::Literal(text, provenance) => {
                Piece::Literal(text.clone(), provenance.through(at, note.clone()))
            }
            Piece::Hole(hole) => Piece::Hole(hole.clone()),
        });
        Self { pieces: pieces.collect() }
    }

    /// The same value, once `variable` holds it: what nobody knows, or what differs on every run, is then called by that
    /// name.
    #[must_use]
    pub fn held_by(mut self, variable: &str) -> Self {
        if let [Piece::Hole(Hole { origin, .. })] = self.pieces.as_mut_slice() {
            match origin {
                Origin::Output { variable: holder, .. } => {
                    holder.get_or_insert_with(|| variable.into());
                }
                Origin::Unique(name) => *name = variable.into(),
                _ => {}
            }
        }
        self
    }

    /// The characters with `hole` in the place of every hole: a name to show, or one of a set of names. What is looked for
    /// in a text is looked for in the text itself: [`Text::find`] and its kin.
    pub fn render(&self, hole: char) -> String {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal, _) => text.push_str(literal),
                Piece::Hole(_) => text.push(hole),
            }
        }
        text
    }
}

/// The characters of the literals among `pieces`.
pub(super) fn joined(pieces: &[Piece]) -> Cow<'_, str> {
    match pieces {
        [] => Cow::Borrowed(""),
        [Piece::Literal(text, _)] => Cow::Borrowed(text),
        pieces => pieces.iter().filter_map(Piece::as_literal).collect::<String>().into(),
    }
}

impl Piece {
    /// The characters of a literal piece.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text, _) => Some(text),
            Self::Hole(_) => None,
        }
    }
}

impl Origin {
    /// The command of an [`Origin::Output`] that is the name of a load balancer.
    pub const BALANCER_NAME: &'static str = "aws elbv2 describe-load-balancers";

    /// Why a value is not known, for people.
    pub fn why_unknown(&self) -> String {
        match self {
            Self::Environment(name) => format!("`{name}` comes from the environment"),
            Self::Parameter(name) => format!("`{name}` has no default"),
            Self::Cloud(address) => format!("`{address}` is known only after the apply"),
            Self::Call(name) => format!("the return value of `{name}` is unknown"),
            Self::Output { command, .. } => format!("the output of `{command}` is unknown"),
            Self::Unique(name) => format!("`{name}` differs on every run"),
            Self::Page(_) => "it comes from a page".to_owned(),
            Self::Other(reason) => reason.to_string(),
        }
    }
}

/// For messages: `wss://${location.hostname}:8000/api`.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text, _) => f.write_str(text)?,
                Piece::Hole(Hole { origin: Origin::Output { command, variable: None }, .. }) => {
                    write!(f, "$({command} …)")?;
                }
                Piece::Hole(hole) => write!(f, "${{{}}}", hole.origin)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(part) => write!(f, "location.{}", part.property()),
            Self::Environment(name) | Self::Parameter(name) | Self::Unique(name) | Self::Cloud(name) => {
                f.write_str(name)
            }
            Self::Call(name) => write!(f, "{name}()"),
            Self::Output { command, variable } => f.write_str(variable.as_ref().unwrap_or(command)),
            Self::Other(_) => f.write_str("…"),
        }
    }
}

impl PagePart {
    /// The name of the property of `window.location`.
    pub fn property(self) -> &'static str {
        match self {
            Self::Href => "href",
            Self::Origin => "origin",
            Self::Protocol => "protocol",
            Self::Host => "host",
            Self::Hostname => "hostname",
            Self::Port => "port",
            Self::Path => "pathname",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn address() -> Text {
        let at = Span::start_of(FileId(0));
        let mut text = Text::literal("ws://", at);
        text.append(&Text::hole(Origin::Page(PagePart::Hostname), at));
        text.append(&Text::literal(":8000", at));
        text
    }

    #[test]
    fn a_text_with_a_hole_is_known_only_at_its_ends() {
        let text = address();
        assert_eq!(text.known(), None);
        assert_eq!((text.known_prefix(), text.known_suffix()), ("ws://".into(), ":8000".into()));
        assert_eq!(text.to_string(), "ws://${location.hostname}:8000");
        assert_eq!(Text::empty().known().as_deref(), Some(""));
    }
}
