//! The engine of portcullis: reads a repository into one model of its deployment and asks that model questions.
//!
//! It has no disk, no clock, no network and no environment of its own: everything comes in through
//! [`source::SourceTree`] and [`config::Settings`], and everything goes out as a [`report::Report`].
//!
//! This crate is the door: rules and programs name nothing but it. What they may see of the crates below is
//! re-exported here.

mod card;
mod check;
pub mod config;
pub mod finding;
pub mod harmless;
pub mod report;
pub mod rule;
mod rule_id;
mod suppress;
pub mod words;

pub use check::{Kept, check, deployment, files_read};
pub use policy_deployment::{FileKind, commands, model};
pub use policy_docker::{dockerignore, walk};
pub use policy_terraform::resolve as terraform;
pub use policy_text::fault;
pub use policy_text::{Family, Problem, ProblemKind, Unresolved, directive, purpose, secret, source, value};
pub use rule_id::RuleId;
