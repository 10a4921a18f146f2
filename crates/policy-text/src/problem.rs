//! What could not be understood of a file, or was left out of it.

use crate::source::Span;

/// Something in a file that a check did not see, worded for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub at: Span,
    /// Why it was not seen.
    pub kind: ProblemKind,
    /// What happened and what it cost: "this block is not valid HCL (expected `}`); the rest of the file was read".
    pub message: String,
}

/// Why something was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// It could not be read, or not be understood.
    Unreadable,
    /// To read or follow it would take more work, or more memory, than a file may.
    TooCostly,
    /// It was read, but the tool that the file is for refuses it.
    Rejected,
}

impl Problem {
    /// What could not be read or understood.
    pub fn unreadable(at: Span, message: impl Into<String>) -> Self {
        Self { at, kind: ProblemKind::Unreadable, message: message.into() }
    }

    /// What the tool refuses that the file is for.
    pub fn rejected(at: Span, message: impl Into<String>) -> Self {
        Self { at, kind: ProblemKind::Rejected, message: message.into() }
    }

    /// What was left out for its cost.
    pub fn too_costly(at: Span, message: impl Into<String>) -> Self {
        Self { at, kind: ProblemKind::TooCostly, message: message.into() }
    }
}
