//! A file whose text comes from standard input, as an editor holds it.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use policy_core::source::{Laid, MAX_FILE_SIZE, RepoPath};

use crate::exit::Failure;
use crate::root::Root;
use policy_disk::GitIgnored;

/// The root of the file at `path`, which need not exist, and its path from there.
pub(crate) fn root_of(path: &Path, ignored: GitIgnored) -> Result<(Root, RepoPath), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let root = Root::of(&[PathBuf::from(folder)], ignored)?;
    let not_unicode = || Failure::NotUnicode(path.to_path_buf());
    let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(not_unicode)?;
    let path = root.shown.first().and_then(|folder| folder.join(name)).ok_or_else(not_unicode)?;
    Ok((Root { shown: vec![path.clone()], ..root }, path))
}

/// What standard input gives, which takes the place of a file.
pub(crate) fn read() -> Result<Laid, Failure> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE_SIZE as u64 + 1;
    io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(Failure::StandardInput)?;
    Ok(Laid::File(bytes))
}
