//! The programs that a build runs.

use std::collections::BTreeSet;

/// What the commands of a build run and say.
#[derive(Debug, Default)]
pub struct Programs {
    /// The names of the programs, without folder, version and extension.
    pub(crate) names: BTreeSet<String>,
    /// All words of the commands.
    pub(crate) words: BTreeSet<String>,
    /// Whether some command can run anything: a script of the project's own, a task runner, text that is no shell.
    pub(crate) opaque: bool,
}

impl Programs {
    /// Whether a program of one of these names is run, or may be.
    pub fn may_run(&self, names: &[&str]) -> bool {
        self.opaque || names.iter().any(|name| self.names.contains(*name))
    }

    /// Whether a word of the commands, also one that names a package, is as asked for.
    pub fn say(&self, is: impl Fn(&str) -> bool) -> bool {
        self.words.iter().any(|word| is(word))
    }
}
