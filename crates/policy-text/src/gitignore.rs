//! Git's ignore files, as git reads them: a line is looked up or compared, and nothing of it is compiled.
//!
//! Such a file may be anybody's. So it takes memory in proportion to its size, and a question takes bounded effort.

mod line;
mod wildcards;

use std::collections::HashMap;

use line::{Line, Reach};
use wildcards::Pattern;

/// What an ignore file says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Git leaves it out.
    Ignored,
    /// Git keeps it, whatever ignore files farther away say.
    Kept,
}

/// How much may still be compared for one question.
#[derive(Clone, Copy, Debug)]
pub struct Effort(u32);

impl Default for Effort {
    /// Far more than the ignore files of large repositories take.
    fn default() -> Self {
        Self(100_000)
    }
}

impl Effort {
    /// Whether it did not suffice.
    pub fn is_spent(self) -> bool {
        self.0 == 0
    }

    /// Takes a step.
    fn take(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }

    /// Takes a step. `None` where none was left.
    fn step(&mut self) -> Option<()> {
        self.0 = self.0.checked_sub(1)?;
        Some(())
    }
}

/// One ignore file.
#[derive(Clone, Debug, Default)]
pub struct IgnoreFile {
    /// Names that are written out.
    names: HashMap<Box<[u8]>, Last>,
    /// Paths that are written out.
    paths: HashMap<Box<[u8]>, Last>,
    /// What follows the star of `*.ending`, with its dot.
    endings: HashMap<Box<[u8]>, Last>,
    /// All other lines, in their order.
    others: Vec<Other>,
}

/// The last line that names something: as anything, and as a folder.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    anything: Option<Said>,
    folder: Option<Said>,
}

/// What a line says. Lines order by number, and the last that matches counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    line: u32,
    keeps: bool,
}

#[derive(Clone, Debug)]
struct Other {
    said: Said,
    only_folders: bool,
    reach: Reach,
    pattern: Pattern,
}

impl IgnoreFile {
    /// Reads the file. A line that git cannot match with anything says nothing.
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut file = Self::default();
        for (number, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
            if let Some(line) = Line::parse(line) {
                file.add(number as u32, line);
            }
        }
        file
    }

    fn add(&mut self, number: u32, Line { keeps, only_folders, reach, pattern }: Line<'_>) {
        let said = Said { line: number, keeps };
        let (map, key) = match (reach, Pattern::literal(pattern)) {
            (Reach::Name, Some(name)) => (&mut self.names, name),
            (Reach::Path, Some(path)) => (&mut self.paths, path),
            (Reach::Name, None) if let Some(ending) = Pattern::ending(pattern) => (&mut self.endings, ending),
            (reach, None) => {
                let pattern = Pattern::parse(pattern);
                return self.others.push(Other { said, only_folders, reach, pattern });
            }
        };
        let last = map.entry(key).or_default();
        *(if only_folders { &mut last.folder } else { &mut last.anything }) = Some(said);
    }

    /// What the file says of `path`, which is relative to the file's folder. What lies in an ignored folder is for the caller
    /// to know.
    pub fn verdict(&self, path: &[u8], is_folder: bool, effort: &mut Effort) -> Option<Verdict> {
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
        let endings = name.iter().enumerate().filter(|&(_, &byte)| byte == b'.').map(|(at, _)| at);
        let endings = endings.filter_map(|at| self.endings.get(name.get(at..)?));
        let looked_up = self.names.get(name).into_iter().chain(self.paths.get(path)).chain(endings);
        let mut said = looked_up.filter_map(|last| last.of(is_folder)).max();
        for other in self.others.iter().rev() {
            if said.is_some_and(|said| said > other.said) {
                break;
            }
            if other.only_folders && !is_folder {
                continue;
            }
            let matches = match other.reach {
                Reach::Name => other.pattern.matches_name(name, effort),
                Reach::Path => other.pattern.matches_path(path, effort),
            };
            if matches {
                said = Some(other.said);
                break;
            }
            if effort.is_spent() {
                return None;
            }
        }
        said.map(|said| if said.keeps { Verdict::Kept } else { Verdict::Ignored })
    }

    /// Whether no line says anything.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.paths.is_empty() && self.endings.is_empty() && self.others.is_empty()
    }
}

impl Last {
    fn of(&self, is_folder: bool) -> Option<Said> {
        self.anything.max(self.folder.filter(|_| is_folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(file: &str, path: &str) -> Option<Verdict> {
        let (path, is_folder) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
        IgnoreFile::parse(file.as_bytes()).verdict(path.as_bytes(), is_folder, &mut Effort::default())
    }

    #[track_caller]
    fn assert_ignores(file: &str, ignored: &[&str], others: &[&str]) {
        for path in ignored {
            assert_eq!(verdict(file, path), Some(Verdict::Ignored), "{file:?}: {path}");
        }
        for path in others {
            assert_ne!(verdict(file, path), Some(Verdict::Ignored), "{file:?}: {path}");
        }
    }

    #[test]
    fn a_name_is_ignored_anywhere_and_a_path_at_its_place() {
        assert_ignores("out\n", &["out", "out/", "a/b/out"], &["outer", "a/out/b"]);
        assert_ignores("/out\n", &["out"], &["a/out"]);
        assert_ignores("a/out\n", &["a/out"], &["b/a/out"]);
        assert_ignores("out/\n", &["out/", "a/out/"], &["out", "a/out"]);
        assert_ignores("*.py[co]\n", &["a.pyc", "x/b.pyo"], &["a.py"]);
        assert_ignores("*.log\n*.tar.gz\n", &["a.log", "a.b.log", "a/x.tar.gz", ".log"], &["log", "a.gz"]);
        assert_ignores("[Bb]in\n*~\n", &["bin", "a/Bin", "x~"], &["in", "~x"]);
    }

    #[test]
    fn stars_stay_in_a_component_and_two_pass_through() {
        assert_ignores("/a/*/c\n", &["a/b/c"], &["a/b/b/c", "a/c"]);
        assert_ignores("a/**/c\n", &["a/c", "a/b/c", "a/b/b/c"], &["x/a/c", "ac"]);
        assert_ignores("**/a/c\n", &["a/c", "b/a/c"], &["ba/c"]);
        assert_ignores("**/out\n**/b*.js\n", &["out", "a/b/out/", "a/b.js"], &["a/out.js", "out/a"]);
        assert_ignores("**/out/\n", &["out/", "a/out/"], &["out"]);
        assert_ignores("a/**\n", &["a/b", "a/b/c"], &["a", "a/"]);
        assert_ignores("a**c\n", &["abc", "x/ac"], &["a/c"]);
        assert_ignores("/**/*.o\n", &["a.o", "a/b/c.o"], &["a.c"]);
    }

    #[test]
    fn the_last_line_that_matches_counts() {
        assert_eq!(verdict("*.a\n!b.a\n", "b.a"), Some(Verdict::Kept));
        assert_eq!(verdict("!b.a\n*.a\n", "b.a"), Some(Verdict::Ignored));
        assert_eq!(verdict("b*\n!b.a\nb?a\n", "b.a"), Some(Verdict::Ignored));
        assert_eq!(verdict("x\n!x/\n", "x/"), Some(Verdict::Kept));
        assert_eq!(verdict("x\n!x/\n", "x"), Some(Verdict::Ignored));
    }

    #[test]
    fn comments_blanks_escapes_and_line_ends_are_git_s() {
        assert_ignores("# a\n\\#b\n\\!c\n \n", &["#b", "!c"], &["# a", "a", " "]);
        assert_ignores("a   \r\nb\\ \n", &["a", "b "], &["b", "a "]);
        assert_ignores("\u{feff}a\n", &["a"], &[]);
        assert_ignores("a\\*b\n\\[c\n", &["a*b", "[c"], &["axb"]);
        assert_ignores("{a,b}\n", &["{a,b}"], &["a", "b"]);
        assert_ignores("[abc\n[z-a]\n[]\n", &[], &["a", "[abc", "z", "[]"]);
        assert_ignores("[[:digit:]x]\n[]-]\n[!a-c]y\n", &["1", "x", "]", "-", "dy"], &["a", "ay", "[:"]);
        assert_ignores("\n/\n!\n//\n", &[], &["", "a", "/"]);
    }

    #[test]
    fn what_takes_too_long_is_given_up() {
        let many = format!("{}b\n", "*a".repeat(100)).repeat(20_000);
        let file = IgnoreFile::parse(many.as_bytes());
        let mut effort = Effort::default();
        assert_eq!(file.verdict("a".repeat(250).as_bytes(), false, &mut effort), None);
        assert!(effort.is_spent());
        let mut effort = Effort::default();
        let deep = IgnoreFile::parse(format!("{}b\n", "**/a/".repeat(50)).as_bytes());
        assert_eq!(deep.verdict("a/".repeat(2_000).as_bytes(), false, &mut effort), None);
    }
}
