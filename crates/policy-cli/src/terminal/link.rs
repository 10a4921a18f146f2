//! Links that terminals open: the escape sequence `OSC 8`.

use std::fmt::Write;
use std::path::Path;

/// `text` as a link to `address`, in which nothing may end the sequence.
pub(super) fn link(address: &str, text: &str) -> String {
    format!("\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\")
}

/// The address of a file on this machine.
pub(super) fn address_of(path: &Path) -> String {
    let mut address = String::from("file://");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => address.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => address.push(char::from(byte)),
            b'\\' => address.push('/'),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_ends_its_link() {
        let address = address_of(Path::new("/a b/\u{1b}\\ü.tf"));
        assert_eq!(address, "file:///a%20b/%1B/%C3%BC.tf");
    }
}
