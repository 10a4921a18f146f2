//! Terraform and the language that it is written in: read, and evaluated as `terraform plan` would without a cloud.

mod options;
pub mod parse;
pub mod resolve;

pub use options::TerraformOptions;
