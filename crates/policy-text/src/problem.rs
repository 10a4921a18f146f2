//! What could not be understood of a file.

use crate::source::Span;

/// Something in a file that could not be understood, worded for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub at: Span,
    /// What happened and what it cost: "this block is not valid HCL (expected `}`); the rest of the file was read".
    pub message: String,
}
