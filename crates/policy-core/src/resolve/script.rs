//! Values of TypeScript and JavaScript.

pub mod project;
