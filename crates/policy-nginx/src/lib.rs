//! nginx's configuration: parsed with places, resolved over all files that an image holds, and asked where a request goes.

pub mod files;
pub mod model;
pub mod parse;
pub mod resolve;
pub mod route;
pub mod template;
