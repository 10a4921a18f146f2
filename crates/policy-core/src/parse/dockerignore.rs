//! Ignore files of build contexts, as Docker reads them.

use super::Problem;
use crate::source::FileId;

/// One ignore file.
#[derive(Debug, Default)]
pub struct IgnoreFile;

/// Reads one ignore file.
pub fn parse(_file: FileId, _text: &str) -> (IgnoreFile, Vec<Problem>) {
    (IgnoreFile, Vec::new())
}
