//! What modules build while they are loaded: their statements are gone through as Python would, with what is unknown left so.

mod arguments;
pub(crate) mod asked;
mod attributes;
mod builtins;
mod calls;
mod classes;
mod dict;
mod environment;
mod expressions;
pub(crate) mod group;
mod imports;
mod interpreter;
mod outside;
mod scopes;
mod statements;
mod told;
pub(crate) mod value;

pub(crate) use arguments::Arguments;
pub(crate) use environment::{Questions, Variables};
pub(crate) use interpreter::Interpreter;
pub(crate) use outside::Outside;
