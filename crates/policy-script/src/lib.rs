//! TypeScript and JavaScript: read, and followed across modules to what an expression can be in production.

pub mod openers;
pub mod parse;
pub mod resolve;
