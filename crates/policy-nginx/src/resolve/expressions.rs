//! Regular expressions, compiled within a budget.

use regex::{Regex, RegexBuilder};

/// Expressions of one configuration beyond this are not compiled.
const MAX_EXPRESSIONS: usize = 2_000;

/// The largest compiled expression, in bytes.
const MAX_SIZE: usize = 1 << 18;

/// Compiles the expressions of one configuration.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    compiled: usize,
}

impl Expressions {
    /// The expression. `None` where only nginx's own library reads it: it looks around, or refers back.
    pub(super) fn compile(&mut self, pattern: &str, ignores_case: bool) -> Option<Regex> {
        self.compiled += 1;
        if self.compiled > MAX_EXPRESSIONS || pattern.contains("${") {
            return None;
        }
        RegexBuilder::new(pattern).case_insensitive(ignores_case).size_limit(MAX_SIZE).build().ok()
    }
}
