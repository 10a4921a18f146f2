//! Python: parsed, followed across modules, and asked what a program serves.
//!
//! [`Modules`] are the modules of a tree, each read when something imports it. [`program`](program::program) turns the words
//! of a command into a [`Program`], [`Runs`] say what that answers, and [`sent`] what it asks others.

pub mod program;

mod frameworks;
mod modules;
mod parse;
mod resolve;
mod runs;
mod sent;
mod served;

pub use modules::Modules;
pub use program::{Directory, Environment, Named, Program, Start};
pub use runs::Runs;
pub use sent::{Sent, function, sent};
