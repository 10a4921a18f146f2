//! Changes that a finding offers, and what each promises.

use policy_text::source::{RepoPath, Span};

/// A change that removes the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, in the imperative: "drop the port".
    pub title: String,
    /// What the change promises.
    pub applicability: Applicability,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// The places that the fix replaces.
    pub fn replaced(&self) -> impl Iterator<Item = Span> {
        self.edits.iter().filter_map(|edit| match edit {
            Edit::Replace { span, .. } => Some(*span),
            Edit::Create { .. } => None,
        })
    }
}

/// What a fix promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// To be read, not applied.
    DisplayOnly,
    /// Removes the fault and may change what the code does otherwise: applied only on request.
    Unsafe,
    /// Removes the fault and changes nothing else.
    Safe,
}

/// One replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Puts `text` in the place of a span; an empty span inserts.
    Replace {
        /// What is replaced.
        span: Span,
        /// The new text.
        text: String,
    },
    /// Creates a file that does not exist.
    Create {
        /// Where.
        path: RepoPath,
        /// The whole content.
        text: String,
    },
}
