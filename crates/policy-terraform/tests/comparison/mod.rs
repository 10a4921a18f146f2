//! What the comparisons with Terraform share.

use std::io::Write as _;

/// Says that nothing is compared, past what the test runner captures. Where `PORTCULLIS_COMPARE` is set, that is a failure.
pub(crate) fn skip(reason: &str) {
    assert!(std::env::var_os("PORTCULLIS_COMPARE").is_none(), "{reason}");
    // What `eprintln!` writes is captured, and nobody sees it.
    let _ = std::io::stderr().write_all(format!("skipped: {reason}\n").as_bytes());
}
