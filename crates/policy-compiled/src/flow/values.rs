//! What variables hold, as far as handlers depend on it.

use std::ops::Range;

use super::groups::{GroupId, RouteId};
use super::{Scope, World};
use crate::code::Code;
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

/// What a part of a text says.
pub(super) fn term(
    world: &dyn World,
    file: usize,
    code: &Code,
    term: Range<usize>,
    scope: &Scope,
) -> Option<String> {
    code.said(term, |names| match (names, names.first().and_then(|name| scope.get(*name))) {
        ([_], Some(Value::Text(text))) => Some(text.clone()),
        ([_], Some(_)) => None,
        _ => world.constant(file, names),
    })
}
