//! The sorted table of the files under check, and the decoding of their contents.

use std::collections::HashSet;

use super::{EntryKind, FileId, ReadError, RepoPath, SourceTree, Unlisted};

/// The files of one tree, sorted by path, with their contents a call away.
pub struct Sources<'t> {
    tree: &'t dyn SourceTree,
    paths: Vec<RepoPath>,
    folders: HashSet<RepoPath>,
    unlisted: Vec<Unlisted>,
    folders_left_out: Vec<RepoPath>,
}

/// People write no larger files, in bytes.
const MOST_WRITTEN_BY_HAND: usize = 1 << 20;

/// Data that is no text shows it by a zero among as many bytes.
const SHOWS_DATA: usize = 1024;

/// A file's text, and how it differs from the file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// `None` where it is the bytes as they are.
    pub altered: Option<Altered>,
}

/// How a text differs from the bytes that it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Altered {
    /// The file is UTF-16, as the mark at its beginning says. What is no character became `?`.
    FromUtf16,
    /// From this offset on, every byte that is not valid UTF-8 became one `?`, so that offsets stay true.
    Replaced(usize),
}

impl<'t> Sources<'t> {
    /// Lists `tree`.
    pub fn open(tree: &'t dyn SourceTree) -> Self {
        let listing = tree.list();
        let mut paths = listing.files;
        paths.sort_unstable();
        paths.dedup();
        let mut unlisted = listing.unlisted;
        unlisted.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let mut folders_left_out = listing.folders_left_out;
        folders_left_out.sort_unstable();
        let mut folders = HashSet::from([RepoPath::root()]);
        for path in &paths {
            let above = path.ancestors().skip(1);
            for folder in above {
                if !folders.insert(folder) {
                    break;
                }
            }
        }
        Self { tree, paths, folders, unlisted, folders_left_out }
    }

    /// Every file, in the order of paths.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &RepoPath)> {
        self.paths.iter().enumerate().map(|(index, path)| (FileId(index as u32), path))
    }

    /// The files at or below `folder`, in the order of paths.
    pub fn files_within<'a>(&'a self, folder: &'a RepoPath) -> impl Iterator<Item = (FileId, &'a RepoPath)> {
        let first = self.paths.partition_point(|path| path < folder);
        let rest = self.paths.get(first..).unwrap_or_default();
        // Names such as `app-old` and `app.js` sort between `app` and `app/x`: they are passed over, not an end.
        rest.iter()
            .enumerate()
            .take_while(move |(_, path)| path.as_str().starts_with(folder.as_str()))
            .filter(move |(_, path)| path.is_within(folder))
            .map(move |(index, path)| (FileId((first + index) as u32), path))
    }

    /// The path of a file of this table.
    #[expect(
        clippy::indexing_slicing,
        reason = "only this table makes file ids, each from one of its indices"
    )]
    pub fn path(&self, file: FileId) -> &RepoPath {
        &self.paths[file.0 as usize]
    }

    /// The folder that a file of this table lies in.
    pub fn folder_of(&self, file: FileId) -> RepoPath {
        self.path(file).parent().unwrap_or_else(RepoPath::root)
    }

    /// The listed file at `path`.
    pub fn find(&self, path: &RepoPath) -> Option<FileId> {
        self.paths.binary_search(path).ok().map(|index| FileId(index as u32))
    }

    /// Whether the path of some listed file begins with the text `start`.
    pub fn any_begins_with(&self, start: &str) -> bool {
        let first = self.paths.partition_point(|path| path.as_str() < start);
        self.paths.get(first).is_some_and(|path| path.as_str().starts_with(start))
    }

    /// Whether `path` is a folder that holds a listed file.
    pub fn is_folder(&self, path: &RepoPath) -> bool {
        self.folders.contains(path)
    }

    /// The folders that hold a listed file, in no order.
    pub fn folders(&self) -> impl Iterator<Item = &RepoPath> {
        self.folders.iter()
    }

    /// The topmost folders that are left out because git ignores them, sorted. What they hold is not known.
    pub fn folders_left_out(&self) -> impl Iterator<Item = &RepoPath> {
        self.folders_left_out.iter()
    }

    /// What is at `path` on disk, also where git ignores it.
    pub fn entry(&self, path: &RepoPath) -> Option<EntryKind> {
        self.tree.entry(path)
    }

    /// All that a folder holds on disk, also what git ignores.
    pub fn children(&self, folder: &RepoPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.tree.children(folder)
    }

    /// The places that could not be listed, sorted.
    pub fn unlisted(&self) -> &[Unlisted] {
        &self.unlisted
    }

    /// Reads and decodes a file. Reading the same file twice costs twice: callers keep what they need.
    pub fn read(&self, file: FileId) -> Result<Decoded, ReadError> {
        self.tree.read(self.path(file)).map(decode)
    }

    /// Reads a file to look for words in it. `None` for what nobody wrote by hand: more than 1 MiB, and data that is no text.
    pub fn read_handwritten(&self, file: FileId) -> Result<Option<String>, ReadError> {
        let bytes = self.tree.read(self.path(file))?;
        let is_data = bytes.iter().take(SHOWS_DATA).any(|byte| *byte == 0);
        let is_handwritten = bytes.len() <= MOST_WRITTEN_BY_HAND && !is_data;
        Ok(is_handwritten.then(|| decode(bytes).text))
    }
}

fn decode(bytes: Vec<u8>) -> Decoded {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Decoded { text, altered: None },
        Err(error) => error,
    };
    let unit: Option<fn([u8; 2]) -> u16> = match error.as_bytes() {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    };
    if let Some(unit) = unit {
        let (pairs, _) = error.as_bytes().as_chunks();
        let characters = char::decode_utf16(pairs.iter().skip(1).map(|pair| unit(*pair)));
        let text = characters.map(|read| read.unwrap_or('?')).collect();
        return Decoded { text, altered: Some(Altered::FromUtf16) };
    }
    let mut text = String::with_capacity(error.as_bytes().len());
    for chunk in error.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        // It has at most three bytes.
        text.push_str("???".get(..chunk.invalid().len()).unwrap_or_default());
    }
    Decoded { text, altered: Some(Altered::Replaced(error.utf8_error().valid_up_to())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryTree;

    fn tree(paths: &[&str]) -> MemoryTree {
        paths.iter().fold(MemoryTree::new(), |tree, path| tree.with(RepoPath::new(path).unwrap(), ""))
    }

    #[test]
    fn files_within_a_folder_are_found_among_names_that_share_its_prefix() {
        let tree = tree(&["app-old/x", "app.js", "app/a", "app/b/c", "apple/d"]);
        let sources = Sources::open(&tree);
        let folder = RepoPath::new("app").unwrap();
        let found: Vec<_> = sources.files_within(&folder).map(|(_, path)| path.as_str()).collect();
        assert_eq!(found, ["app/a", "app/b/c"]);
        assert!(sources.files_within(&folder).all(|(file, path)| sources.path(file) == path));
    }

    #[test]
    fn folders_are_those_that_hold_files() {
        let tree = tree(&["a/b/c.tf"]);
        let sources = Sources::open(&tree);
        assert!(sources.is_folder(&RepoPath::root()));
        assert!(sources.is_folder(&RepoPath::new("a/b").unwrap()));
        assert!(!sources.is_folder(&RepoPath::new("a/b/c.tf").unwrap()));
    }

    #[test]
    fn what_nobody_wrote_by_hand_is_not_searched() {
        let path = |path| RepoPath::new(path).unwrap();
        let tree = MemoryTree::new()
            .with(path("a.sh"), "deploy \u{e9}")
            .with(path("b.bin"), "MZ\0deploy")
            .with(path("c.js"), "x".repeat(MOST_WRITTEN_BY_HAND + 1));
        let sources = Sources::open(&tree);
        let read: Vec<_> = sources.files().map(|(file, _)| sources.read_handwritten(file).unwrap()).collect();
        assert_eq!(read, [Some("deploy \u{e9}".to_owned()), None, None]);
    }

    #[test]
    fn invalid_utf8_keeps_its_length() {
        let decoded = decode(b"a\xff\xfeb".to_vec());
        assert_eq!(decoded, Decoded { text: "a??b".to_owned(), altered: Some(Altered::Replaced(1)) });
    }

    #[test]
    fn utf_16_is_read_either_way_round() {
        let text = Decoded { text: "a\u{1f600}?".to_owned(), altered: Some(Altered::FromUtf16) };
        assert_eq!(decode(b"\xff\xfea\x00\x3d\xd8\x00\xde\x00\xd8".to_vec()), text);
        assert_eq!(decode(b"\xfe\xff\x00a\xd8\x3d\xde\x00\xd8\x00".to_vec()), text);
        assert_eq!(decode(b"\xff\xfea\x00b".to_vec()).text, "a", "half a character at the end");
    }
}
