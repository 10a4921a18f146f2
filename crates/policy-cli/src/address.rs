//! Addresses of files on this machine: `file:///a%20b`.

use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but RFC 3986's unreserved characters and the slash.
const NOT_IN_A_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The address of the file at `path`, which is absolute.
pub(crate) fn of(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = if cfg!(windows) { format!("/{}", path.replace('\\', "/")) } else { path.into_owned() };
    format!("file://{}", utf8_percent_encode(&path, NOT_IN_A_PATH))
}

/// The file at `address`. `None` for what is no file of this machine.
pub(crate) fn path(address: &str) -> Option<PathBuf> {
    let path = address.strip_prefix("file://")?;
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let path = percent_decode_str(path).decode_utf8().ok()?;
    path.starts_with('/').then_some(())?;
    // `/c:/Users`: the drive stands after the slash.
    let path = if cfg!(windows) { path.get(1..)? } else { &path };
    Some(PathBuf::from(path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_path_means_anything_in_its_address() {
        let odd = Path::new("/a b/\u{1b}\\ü:%?#.tf");
        assert_eq!(of(odd), "file:///a%20b/%1B%5C%C3%BC%3A%25%3F%23.tf");
        assert_eq!(path(&of(odd)).as_deref(), Some(odd));
    }

    #[test]
    fn what_is_no_file_of_this_machine_has_no_path() {
        assert_eq!(path("file://localhost/a"), Some(PathBuf::from("/a")));
        for other in ["https://example.org/a", "untitled:a", "file://host/a", "/a"] {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
