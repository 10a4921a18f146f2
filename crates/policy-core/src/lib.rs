//! The engine of portcullis: reads a repository into one model of its deployment and asks that model questions.
//!
//! It has no disk, no clock, no network and no environment of its own: everything comes in through
//! [`source::SourceTree`] and [`config::Settings`], and everything goes out as a [`report::Report`].
//!
//! This crate is the door: rules and programs name nothing but it. What they may see of the crates below is
//! re-exported here.
//!
//! A check takes files, rules and settings. A rule is a function of the model beside a card that explains it:
//!
//! ```
//! use policy_core::config::Settings;
//! use policy_core::finding::{Finding, Label};
//! use policy_core::rule::{Context, Rule};
//! use policy_core::source::{MemoryTree, Sources};
//! use policy_core::{Family, check};
//!
//! const CARD: &str = r#"+++
//! summary = "A service runs an image of a registry that is closed"
//! severity = "error"
//! since = "0.1.0"
//! default = true
//! references = []
//! source = "The registry was closed in May"
//! +++
//! "#;
//!
//! fn closed_registry(context: &Context<'_>) -> Vec<Finding> {
//!     let images = context.deployment.images.iter();
//!     let closed = images.filter(|image| image.reference.to_string().starts_with("old.example.org/"));
//!     let finding = |at| Finding::new("`old.example.org` is closed", Label::new(at, "the image"));
//!     closed.map(|image| finding(image.at).help("take it from `new.example.org`")).collect()
//! }
//!
//! let tree = MemoryTree::of(&[
//!     ("compose.yaml", "services:\n  web:\n    image: ${REGISTRY:-old.example.org}/web:1.2\n"),
//!     (".env", "REGISTRY=old.example.org\n"),
//! ]);
//! let sources = Sources::open(&tree);
//! let rules = [Rule::new(Family::Image, "closed-registry", CARD, closed_registry)];
//! let report = check(&sources, &rules, &Settings::default())?;
//!
//! let found: Vec<_> = report.active().map(|found| (found.rule.to_string(), &*found.finding.message)).collect();
//! assert_eq!(found, [("image/closed-registry".to_owned(), "`old.example.org` is closed")]);
//! # Ok::<(), policy_core::rule::CardError>(())
//! ```

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
