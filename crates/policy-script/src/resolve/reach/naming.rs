//! Which texts of a tree name its modules: read once for all that ask.

use std::collections::{BTreeSet, HashMap, HashSet};

use memchr::memmem;
use policy_text::purpose;
use policy_text::source::{FileId, RepoPath};
use rayon::prelude::*;

use super::Scripts;
use crate::parse;

/// Words that bring the modules of whole folders.
const OF_FOLDERS: [&str; 4] = ["import.meta.glob", "require.context", "importAll", "readdirSync"];

/// What programs of Node import that never run in a browser.
const OF_NODE: [&str; 6] = ["'fs'", "\"fs\"", "node:fs", "'fs/promises'", "\"fs/promises\"", "child_process"];

/// Texts that only people read.
const PROSE: [&str; 5] = ["md", "mdx", "txt", "rst", "lock"];

/// What stands before the end of a path, as imports write it.
const BEFORE: [u8; 4] = *b"/'\"`";

/// The texts that may bring modules to a browser.
#[derive(Default)]
pub(in super::super) struct Naming {
    /// Those that may bring any module: they take whole folders, or cannot be read.
    whatever: Vec<FileId>,
    /// Those that have a name as the end of a path, for each name of a module in the tree.
    by_name: HashMap<Box<str>, Vec<FileId>>,
}

/// What one text names.
enum Named<'n> {
    /// It takes whole folders, or cannot be read.
    Whatever,
    These(BTreeSet<&'n str>),
}

impl Naming {
    /// Those of the whole tree, each read once.
    pub(super) fn of(scripts: &Scripts<'_>) -> Self {
        let sources = scripts.sources();
        let names = Names::of(sources.files().filter(|(_, path)| parse::is_read(path)).map(|(_, path)| path));
        let texts = sources.files().filter(|(file, path)| {
            !path.extension().is_some_and(|extension| PROSE.contains(&extension))
                && !purpose::is_foreign_or_generated(path)
                && !scripts.is_of_tests(*file)
        });
        let texts: Vec<(FileId, &RepoPath)> = texts.collect();
        let read = texts.into_par_iter().filter_map(|(file, path)| match sources.read_handwritten(file) {
            Ok(None) => None,
            Ok(Some(text)) => {
                let of_node = (parse::is_read(path) && is_of_node(&text)).then_some((file, path));
                Some((file, names.in_text(&text), of_node))
            }
            Err(_) => Some((file, Named::Whatever, None)),
        });
        let read: Vec<_> = read.collect();
        let mut naming = Self::default();
        let mut of_node: Vec<(FileId, &RepoPath)> = Vec::new();
        for (file, named, is_of_node) in read {
            of_node.extend(is_of_node);
            match named {
                Named::Whatever => naming.whatever.push(file),
                Named::These(names) => {
                    for name in names {
                        naming.by_name.entry(name.into()).or_default().push(file);
                    }
                }
            }
        }
        naming.leave_out_what_people_run(&of_node);
        naming
    }

    /// A program of Node that no other text names, and that is no configuration, is run by people, and brings nothing.
    fn leave_out_what_people_run(&mut self, of_node: &[(FileId, &RepoPath)]) {
        let is_named = |file: FileId, path: &RepoPath| {
            name_of(path)
                .and_then(|name| self.by_name.get(name))
                .is_some_and(|by| by.iter().any(|other| *other != file))
        };
        let by_people = of_node
            .iter()
            .filter(|(file, path)| !path.file_name().contains("conf") && !is_named(*file, path));
        let by_people: HashSet<FileId> = by_people.map(|(file, _)| *file).collect();
        for texts in self.by_name.values_mut().chain([&mut self.whatever]) {
            texts.retain(|text| !by_people.contains(text));
        }
    }

    /// The texts that may bring the module at `path`.
    pub(super) fn bringing(&self, path: &RepoPath) -> impl Iterator<Item = FileId> {
        let named = name_of(path).and_then(|name| self.by_name.get(name));
        self.whatever.iter().chain(named.into_iter().flatten()).copied()
    }
}

/// The names of modules, to be found in texts.
struct Names<'p> {
    all: HashSet<&'p str>,
    /// For each byte that names begin with, how long they are: nearly all that stands in texts differs in one of both.
    lengths: [u64; 256],
    /// The names of folders that hold what ends others.
    odd: Vec<&'p str>,
}

impl<'p> Names<'p> {
    fn of(paths: impl Iterator<Item = &'p RepoPath>) -> Self {
        let all: HashSet<&str> = paths.filter_map(name_of).collect();
        let mut lengths = [0; 256];
        for name in &all {
            let (first, length) = shape(name);
            if let Some(known) = lengths.get_mut(first) {
                *known |= length;
            }
        }
        let odd = all.iter().copied().filter(|name| name.bytes().any(is_behind)).collect();
        Self { all, lengths, odd }
    }

    fn in_text(&self, text: &str) -> Named<'p> {
        if takes_folders(text) {
            return Named::Whatever;
        }
        let odd = self.odd.iter().copied().filter(|name| is_quoted(text, name));
        let may_be = |end: &&str| {
            let (first, length) = shape(end);
            self.lengths.get(first).is_some_and(|known| known & length != 0)
        };
        let ends = ends_of_paths(text).filter(may_be).filter_map(|end| self.all.get(end).copied());
        Named::These(ends.chain(odd).collect())
    }
}

/// The first byte of a name, and a bit for its length.
fn shape(name: &str) -> (usize, u64) {
    (name.bytes().next().unwrap_or_default().into(), 1 << name.len().min(63))
}

/// Whether this byte stands behind the end of a path. Every byte of a tree is asked: one test is enough.
fn is_behind(byte: u8) -> bool {
    matches!(byte, b'/' | b'\'' | b'"' | b'`' | b'.' | b'?')
}

/// The name that a module is imported by: that of its file, or of its folder.
fn name_of(path: &RepoPath) -> Option<&str> {
    let stem = path.file_name().split('.').next()?;
    if stem == "index" { path.components().collect::<Vec<_>>().into_iter().rev().nth(1) } else { Some(stem) }
}

/// Whether a text brings the modules of whole folders.
fn takes_folders(text: &str) -> bool {
    has_any(text, &OF_FOLDERS)
}

/// Whether a text is a program of Node.
fn is_of_node(text: &str) -> bool {
    has_any(text, &OF_NODE)
}

/// Whether one of few words stands in a text. Each by itself is found sooner than all at once, which begin with common letters.
fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

/// All that a text has as the end of a path, as imports write it, except what holds such an end itself.
fn ends_of_paths(text: &str) -> impl Iterator<Item = &str> {
    let mut begin = None;
    let behind = text.bytes().enumerate().filter(|(_, byte)| is_behind(*byte));
    behind.filter_map(move |(at, byte)| {
        let end = begin.and_then(|begin| text.get(begin..at));
        begin = BEFORE.contains(&byte).then_some(at + 1);
        end
    })
}

/// Whether a text has the name as the end of a path, as imports write it.
fn is_quoted(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        let behind = text.as_bytes().get(at + name.len());
        before.is_some_and(|before| BEFORE.contains(before))
            && behind.is_some_and(|behind| is_behind(*behind))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_paths_are_found_as_imports_write_them() {
        let text = "live import '../lib/live.ts?raw' of `room` a.live' /live";
        let ends: Vec<&str> = ends_of_paths(text).collect();
        assert_eq!(ends, ["", "lib", "live", " of ", "room", " a", " "]);
    }

    #[test]
    fn a_name_is_quoted_where_it_is_the_end_of_a_path() {
        const LETTERS: [char; 6] = ['a', 'b', '/', '"', '.', '?'];
        for number in 0..LETTERS.len().pow(6) {
            let letter = |place| LETTERS[number / LETTERS.len().pow(place) % LETTERS.len()];
            let text: String = (0..6).map(letter).collect();
            for name in ["", "a", "aa", "ab", "aba"] {
                let is_end = ends_of_paths(&text).any(|end| end == name);
                assert_eq!(is_end, is_quoted(&text, name), "{name} in {text}");
            }
        }
    }
}
