//! What programs answer over HTTP, whatever language they are written in, and which requests a pattern of paths takes.

pub mod environment;
pub mod operations;
pub mod path;
pub mod served;
