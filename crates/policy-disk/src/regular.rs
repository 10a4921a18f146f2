//! Regular files, the only ones that are opened: a pipe would block forever, and a device may never end.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// The bytes of the regular file that `path` names or leads to, which are `limit` at most.
pub fn read_regular(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    // Before it is opened: opening a pipe waits already.
    size_of_regular(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    let size = size_of_regular(&file.metadata()?)?;
    if size > limit as u64 {
        return Err(too_large(limit));
    }
    let bytes = read_at_most(file, size, limit + 1)?;
    if bytes.len() > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// The text of such a file.
pub fn read_regular_text(path: &Path, limit: usize) -> io::Result<String> {
    String::from_utf8(read_regular(path, limit)?)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The size that a regular file says it has.
pub(crate) fn size_of_regular(metadata: &Metadata) -> io::Result<u64> {
    if metadata.is_file() {
        Ok(metadata.len())
    } else if metadata.is_dir() {
        Err(io::ErrorKind::IsADirectory.into())
    } else {
        Err(io::Error::other("it is neither a file nor a folder"))
    }
}

/// What `file` holds, up to `limit`. Memory is taken for `size`, which must not exceed it; a file may hold more or less than
/// it says.
pub(crate) fn read_at_most(file: File, size: u64, limit: usize) -> io::Result<Vec<u8>> {
    // One byte more than the file has, so that its end is seen without growing the buffer.
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large(limit: usize) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes"))
}
