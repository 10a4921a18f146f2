//! The program as its users run it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

#[cfg(unix)]
mod action;
mod arguments;
mod bad_input;
mod baseline;
mod change;
mod commands;
mod context;
mod everyday;
mod fixes;
mod formats;
mod init;
mod lsp;
mod paths;
mod project;
mod readme;
mod roots;
mod routes;
mod rules;
mod schemas;
mod secrets;
mod settings;
