//! Values of TypeScript and JavaScript: what an expression can be in production, across modules.

mod callers;
mod calls;
mod evaluate;
mod flow;
mod globals;
mod members;
mod modules;
mod names;
mod openers;
pub mod project;
mod sinks;
mod truth;
mod value;
mod way;

pub(crate) use modules::Scripts;
pub(crate) use sinks::endpoints;
