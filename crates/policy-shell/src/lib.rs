//! Shell and the languages that wrap it, parsed and simulated: every command with the values that its words can have.

pub mod jenkinsfile;
pub mod justfile;
pub mod launcher;
pub mod makefile;
pub mod parse;
pub mod resolve;
pub mod variable;
