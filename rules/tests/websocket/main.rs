//! The rules about sockets, on small trees in memory: what is found, where, and what is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod callers;
mod delivery;
mod deployment;
mod findings;
mod guards;
mod modules;
mod openers;
mod pages;
mod pipeline;
mod rails;
mod reach;
mod sinks;
#[path = "../support/mod.rs"]
mod support;
mod tls;
mod tree;
mod values;
