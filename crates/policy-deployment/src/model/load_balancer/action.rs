//! What a listener or one of its rules does with a request.

/// What becomes of a request in the end; an action that authenticates may come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It goes to the target groups beside this, and to no other.
    Forwards,
    /// It is sent to another address.
    Redirects,
    /// It gets a fixed answer.
    Responds,
    /// What cannot be told.
    Unknown,
}
