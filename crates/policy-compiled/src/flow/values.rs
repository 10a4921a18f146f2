//! What variables hold, as far as handlers depend on it.

use super::groups::{GroupId, RouteId};
use crate::scan::Piece;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Unknown,
    /// A router, or a group of its handlers.
    Group(GroupId),
    /// A handler that is still described: `r.Path("/x")`.
    Route(RouteId),
    /// A text.
    Text(String),
    /// Something of the type of that name.
    Object(String),
}

impl Value {
    pub(super) fn is_router(&self) -> bool {
        matches!(self, Self::Group(_) | Self::Route(_))
    }
}

/// Whether a text may be a path, with a method before it or without.
pub(super) fn may_be_path(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains('/')))
}
