//! Links that terminals open: the escape sequence `OSC 8`.

/// `text` as a link to `address`, in which nothing may end the sequence.
pub(super) fn link(address: &str, text: &str) -> String {
    format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\")
}
