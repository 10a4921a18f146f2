//! Where the tool's answer goes.

use std::io::{self, Write};
use std::path::Path;

use crate::exit::Failure;

/// Writes `text` to the file `output`, or to standard output where there is none.
pub(crate) fn write(text: &str, output: Option<&Path>) -> Result<(), Failure> {
    match output {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::Output { path: path.to_path_buf(), error })
        }
        None => match io::stdout().lock().write_all(text.as_bytes()) {
            // The reader has seen enough: `portcullis check | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(Failure::StandardOutput),
        },
    }
}
