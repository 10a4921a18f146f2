//! What both comparisons need.

#![expect(clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::io::Write as _;

/// Numbers that are the same in every run.
pub(crate) struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl Random {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    /// One of `from`.
    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// Says that nothing is compared, past what the test runner captures. Where `PORTCULLIS_COMPARE` is set, that is a failure.
pub(crate) fn skip(reason: &str) {
    assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "{reason}");
    // What `eprintln!` writes is captured, and nobody sees it.
    let _ = std::io::stderr().write_all(format!("skipped: {reason}\n").as_bytes());
}
