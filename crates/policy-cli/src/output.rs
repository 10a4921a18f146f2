//! Output: everything that the program prints goes through here, without control characters.

use std::io::{self, Write};
use std::path::Path;

use policy_core::harmless::harmless_lines;

use crate::exit::Failure;

/// Whether the program coloured a text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coloured {
    No,
    Yes,
}

/// Writes `text` to the file `output`, or to standard output where there is none.
pub(crate) fn write(text: &str, coloured: Coloured, output: Option<&Path>) -> Result<(), Failure> {
    match output {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::Output { path: path.to_path_buf(), error })
        }
        None => {
            match io::stdout().lock().write_all(harmless_lines(text, coloured == Coloured::Yes).as_bytes()) {
                // The reader has seen enough: `portcullis check | head`.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                other => other.map_err(Failure::StandardOutput),
            }
        }
    }
}
