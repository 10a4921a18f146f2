//! Values that a rule needed and that the repository does not determine.

use crate::family::Family;
use crate::source::Span;

/// A value that a rule would have needed and that could not be known. Counted in the summary, listed with `-v`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// Where the value is used.
    pub at: Span,
    /// What was looked for: "the tag of this image".
    pub what: String,
    /// Why it could not be known: "variable `tag` has no default".
    pub why: String,
    /// The family of the rules that would have needed it. `None` where rules of any may have.
    pub needed_by: Option<Family>,
}
