//! Health checks that run a command: which programs they need, and what they ask.

use policy_text::source::Span;

/// A command that tells by its exit code how a container is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// All of the command.
    pub at: Span,
    /// Whether a shell runs it.
    pub in_shell: bool,
    /// The ways in which it can succeed, each tried where those before it failed. `None` where that cannot be told.
    pub attempts: Option<Vec<Attempt>>,
    /// The addresses that it asks.
    pub asks: Vec<Asked>,
}

/// One way in which a probe can succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The programs without any of which it fails.
    pub needs: Vec<Program>,
    /// Why it fails whatever is installed.
    pub hopeless: Option<Hopeless>,
}

/// A program that a probe runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name, without folders.
    pub name: String,
    /// Where it is named.
    pub at: Span,
}

/// Why an attempt can never succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hopeless {
    /// A command of a shell is given to an interpreter as a script of its language.
    OtherLanguage {
        /// The interpreter.
        interpreter: String,
        /// The program that the script begins with.
        program: String,
        /// The script.
        at: Span,
    },
}

/// An address that a probe asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The program that asks.
    pub by: String,
    /// The host as it is written.
    pub host: String,
    /// The port; that of the scheme where none is written. `None` where it is not known.
    pub port: Option<i64>,
    /// The path without a query. `None` where it is not known.
    pub path: Option<String>,
    /// Whether the command asks for the path by GET, and fails where the answer says that nothing is there.
    pub fails_on_error: bool,
    /// All of the address.
    pub at: Span,
    /// The host alone.
    pub host_at: Span,
}

impl Asked {
    /// Whether it asks its own container.
    pub fn is_own(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]")
    }
}
