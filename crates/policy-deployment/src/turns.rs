//! What running the scripts of a file may cost, beside the commands that are written in them: loops and functions of few bytes
//! come to thousands.

/// How many commands loops and functions may add in one file. The most that was seen in public are some hundreds.
const OF_ONE: usize = 8_000;
/// No command is shorter, with what parts it from the next one.
const BYTES_PER_COMMAND: usize = 2;

/// The turns of loops and calls of functions that the scripts of one file took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Turns(usize);

impl Turns {
    /// How many commands a script of so many bytes may come to.
    pub(crate) fn allow(self, bytes: usize) -> usize {
        written(bytes) + OF_ONE.saturating_sub(self.0)
    }

    /// How many commands loops and functions added.
    pub(crate) fn taken(self) -> usize {
        self.0
    }

    /// Adds those of a script of so many bytes that came to so many commands.
    pub(crate) fn add(&mut self, commands: usize, bytes: usize) {
        self.0 += commands.saturating_sub(written(bytes));
    }
}

/// How many commands can be written in so many bytes.
fn written(bytes: usize) -> usize {
    bytes / BYTES_PER_COMMAND
}
