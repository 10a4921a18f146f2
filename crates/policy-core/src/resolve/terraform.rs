//! Terraform configuration, evaluated as `terraform plan` would without a cloud: what depends on one stays unknown.

pub mod functions;
mod number;
pub mod value;
pub mod world;

pub use number::Number;
