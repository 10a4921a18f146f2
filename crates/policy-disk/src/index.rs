//! The index of git: what was added to a repository belongs to it, also where an ignore file leaves it out.

use std::path::Path;

use policy_text::source::RepoPath;

use crate::git_ignored::own_folder;
use crate::regular::read_regular;

/// The largest index that is read. A million files take some hundred bytes each.
const MAX_INDEX: usize = 256 << 20;

/// What stands before the name of an entry: times, numbers, the object and flags.
const BEFORE_NAME: usize = 62;

/// The place of the flags among that, and of the kind of file.
const FLAGS: usize = 60;
const MODE: usize = 24;

/// The files that git tracks among `paths`, files and folders below `root`, and in them.
pub(crate) fn tracked(root: &Path, paths: &[RepoPath]) -> Vec<RepoPath> {
    read(root, paths).unwrap_or_default()
}

fn read(root: &Path, paths: &[RepoPath]) -> Option<Vec<RepoPath>> {
    if paths.is_empty() {
        return None;
    }
    let top = root.ancestors().find(|folder| folder.join(".git").exists())?;
    let index = read_regular(&own_folder(top)?.join("index"), MAX_INDEX).ok()?;
    let above = root.strip_prefix(top).ok()?.to_str()?.replace('\\', "/");
    let above = if above.is_empty() { above } else { format!("{above}/") };
    // With a slash behind each, the last one that is not behind a name is the only one that can hold it: none of them lies
    // in another.
    let mut wanted: Vec<String> = paths.iter().map(|path| format!("{above}{path}/")).collect();
    wanted.sort_unstable();
    let mut found = Vec::new();
    for_each_file(&index, |name| {
        let Ok(name) = std::str::from_utf8(name) else { return };
        let slashed = format!("{name}/");
        let last = wanted.partition_point(|path| *path <= slashed).checked_sub(1);
        if last.and_then(|last| wanted.get(last)).is_some_and(|path| slashed.starts_with(path.as_str())) {
            found.extend(name.strip_prefix(above.as_str()).and_then(RepoPath::new));
        }
    })?;
    Some(found)
}

/// Calls `each` with the name of every regular file in an index. `None` where that is not of a kind that is known.
fn for_each_file(index: &[u8], mut each: impl FnMut(&[u8])) -> Option<()> {
    let number = |at: usize| Some(u32::from_be_bytes(index.get(at..at + 4)?.try_into().ok()?));
    let version = number(4)?;
    if index.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let mut name: Vec<u8> = Vec::new();
    let mut start = 12;
    for _ in 0..number(8)? {
        let entry = index.get(start..)?;
        let flags = u16::from_be_bytes(entry.get(FLAGS..BEFORE_NAME)?.try_into().ok()?);
        let is_extended = flags & 0x4000 != 0;
        let mut at = BEFORE_NAME + if is_extended { 2 } else { 0 };
        if version == 4 {
            let (dropped, length) = varint(entry.get(at..)?)?;
            name.truncate(name.len().checked_sub(dropped)?);
            at += length;
        } else {
            name.clear();
        }
        let rest = entry.get(at..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        name.extend_from_slice(rest.get(..end)?);
        // An index with objects of another size has its flags elsewhere.
        let said = usize::from(flags & 0x0fff);
        if said != name.len().min(0x0fff) {
            return None;
        }
        let is_regular = number(start + MODE)? >> 12 == 0o10;
        if is_regular {
            each(&name);
        }
        at += end;
        start += if version == 4 { at + 1 } else { (at + 8) & !7 };
    }
    Some(())
}

/// A number as the fourth version writes it, and how many bytes it takes.
fn varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value = value.checked_shl(7)?.checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
        value = value.checked_add(1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_index_says_nothing() {
        for bytes in
            [&b""[..], b"DIRC", b"DIRC\0\0\0\x02\xff\xff\xff\xff", b"DIRC\0\0\0\x05\0\0\0\0", &[0xff; 400]]
        {
            assert_eq!(for_each_file(bytes, |_| panic!("a name")), None);
        }
    }

    #[test]
    fn numbers_are_read_as_git_writes_them() {
        assert_eq!(varint(&[5]), Some((5, 1)));
        assert_eq!(varint(&[0x80, 0]), Some((128, 2)));
        assert_eq!(varint(&[0x81, 1]), Some((257, 2)));
        assert_eq!(varint(&[0xff; 9]), None);
    }
}
