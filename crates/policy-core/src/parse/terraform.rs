//! Terraform configuration: blocks, attributes and expressions with their places.

use super::Problem;
use crate::source::FileId;

/// One `.tf` file.
#[derive(Debug, Default)]
pub struct File;

/// Reads one file.
pub fn parse(_file: FileId, _text: &str) -> (File, Vec<Problem>) {
    (File, Vec::new())
}
