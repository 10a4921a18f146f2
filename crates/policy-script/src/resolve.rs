//! Values of TypeScript and JavaScript: what an expression can be in production, across modules.

mod callers;
mod calls;
mod conditions;
pub mod endpoint;
mod evaluate;
mod flow;
mod framework_config;
mod globals;
mod hooks;
mod instances;
mod members;
mod modules;
mod names;
mod placeholders;
pub mod project;
mod search;
mod sinks;
mod socket_calls;
mod subclasses;
mod text_methods;
mod truth;
mod value;
mod way;

pub use modules::Scripts;
pub use sinks::endpoints;
