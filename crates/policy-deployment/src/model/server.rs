//! What a container listens on, as the command that starts it says.

use policy_text::source::Span;

/// A process that takes connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its program: `uvicorn`.
    pub program: &'static str,
    /// The command that starts it.
    pub at: Span,
    /// The port that it listens on. `None` where that is not known.
    pub port: Option<Decided<u16>>,
    /// The addresses that it listens on. `None` where they are not known.
    pub host: Option<Decided<Host>>,
    /// What to say to it, so that it listens everywhere: `--host 0.0.0.0`.
    pub opens: String,
}

/// A value with what decides it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    /// The value.
    pub value: T,
    /// Where it is written. `None` where nothing says otherwise than the program's own default.
    pub at: Option<Span>,
}

/// The addresses that a process listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// All of its machine.
    Everywhere,
    /// Those that only its own machine reaches.
    Loopback,
}
