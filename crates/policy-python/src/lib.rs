//! Python: parsed, followed across modules, and asked what a program serves.
//!
//! [`Modules`] are the modules of a tree, each read when something imports it. [`program`](program::program) turns the words
//! of a command into a [`Program`], and [`served`] says what that answers.

pub mod program;

mod frameworks;
mod modules;
mod parse;
mod resolve;
mod served;

pub use modules::Modules;
pub use program::{Directory, Environment, Named, Program, Start};
pub use served::served;
