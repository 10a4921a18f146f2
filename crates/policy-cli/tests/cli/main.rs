//! The program as its users run it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod bad_input;
mod baseline;
mod context;
mod fixes;
mod formats;
mod init;
mod paths;
mod project;
mod readme;
mod rules;
mod secrets;
mod settings;
