//! Java, Kotlin, C# and Go: read as tokens, and asked what a program serves.

mod aspnet;
mod code;
mod declarations;
mod family;
mod flow;
mod go;
mod jvm;
mod listing;
mod passing;
mod program;
mod reading;
mod scan;
mod supertypes;
mod template;
mod units;

pub use program::{Image, InTree, Made, Program, program, served};
