//! The engine of portcullis: reads a repository into one model of its deployment and asks that model questions.
//!
//! It has no disk, no clock, no network and no environment of its own: everything comes in through
//! [`source::SourceTree`] and [`config::Settings`], and everything goes out as a [`report::Report`].

mod check;
pub mod config;
mod fault;
pub mod finding;
pub mod model;
pub mod parse;
pub mod report;
pub mod resolve;
pub mod rule;
pub mod source;
pub mod suppress;

pub use check::check;
pub use fault::words as panic_words;
