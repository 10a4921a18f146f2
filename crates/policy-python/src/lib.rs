//! Python: parsed, followed across modules, and asked what a program serves.
//!
//! [`Modules`] are the modules of a tree, each read when something imports it. [`program`](program::program) turns the words
//! of a command into a [`Program`], [`served`] says what that answers, and [`sent`] what it asks others.

pub mod program;

mod frameworks;
mod modules;
mod parse;
mod resolve;
mod sent;
mod served;

pub use modules::Modules;
pub use program::{Directory, Environment, Named, Program, Start};
pub use sent::{Sent, function, sent};
pub use served::served;
