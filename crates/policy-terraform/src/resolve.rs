//! Terraform configuration, evaluated as `terraform plan` would without a cloud: what depends on one stays unknown.

mod access;
mod body;
mod comprehension;
mod declared;
mod evaluate;
mod evaluation;
mod expansion;
mod expression;
pub mod functions;
pub mod hcl;
mod instance;
mod limits;
mod module;
mod names;
mod operators;
mod outputs;
mod path;
mod references;
mod roots;
mod scope;
mod selection;
mod special_form;
mod template;
mod template_file;
mod types;
pub mod value;
mod variables;
mod vendored;
pub mod world;

pub use crate::parse::number::Number;
pub use evaluate::evaluate;
pub use selection::Selection;

#[cfg(test)]
mod tests;
