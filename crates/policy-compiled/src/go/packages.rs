//! The packages of a program in Go: their files, imports, functions, constants and fields.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use policy_text::source::{RepoPath, Sources, Span};

use super::frameworks::may_concern_routers;
use super::middleware::Habit;
use super::module::{Module, files_of};
use super::{middleware, sockets};
use crate::code::{Code, MOST_CONSTANTS};
use crate::flow::{Function, FunctionId, Functions};
use crate::reading::Reading;
use crate::scan::{Kind, Piece};

/// A file with what it imports.
struct File {
    code: Code,
    /// Its package, by its folder.
    folder: String,
    /// The name in the file of each package that it imports, with the path of that.
    imports: HashMap<String, String>,
}

/// All of them.
#[derive(Default)]
pub(super) struct Packages {
    files: Vec<File>,
    pub(super) functions: Functions,
    /// What constants and variables outside of functions are set to, by package and name.
    constants: HashMap<(String, String), (usize, Range<usize>)>,
    /// The types of fields, where all of a name have one.
    fields: BTreeMap<String, Option<String>>,
    folders: HashMap<String, String>,
    /// The names of the functions that take sockets.
    takers: HashSet<String>,
    /// Those of the functions that look at the path of a request.
    pub(super) readers: HashSet<String>,
    /// What each function does with requests.
    pub(super) habits: HashMap<FunctionId, Habit>,
    /// A function that requests pass, but not all of them, as their paths decide.
    pub(super) deciding: Option<Span>,
}

impl Packages {
    /// Reads the package in a folder and those that it imports, of the same module.
    pub(super) fn read(
        folder: &RepoPath,
        module: &Module,
        sources: &Sources<'_>,
        reading: &mut Reading<'_>,
    ) -> Self {
        let mut packages = Self::default();
        let mut pending = vec![folder.clone()];
        let mut seen = BTreeSet::from([folder.clone()]);
        while let Some(folder) = pending.pop() {
            for file in files_of(&folder, sources) {
                let Some(code) = reading.code(file) else { continue };
                let imports = imports(&code);
                for path in imports.values() {
                    if let Some(folder) = module.folder_of(path).filter(|folder| sources.is_folder(folder)) {
                        packages.folders.insert(path.clone(), folder.as_str().to_owned());
                        if seen.insert(folder.clone()) {
                            pending.push(folder);
                        }
                    }
                }
                packages.add(File { code, folder: folder.as_str().to_owned(), imports });
            }
        }
        let Self { files, functions, .. } = &mut packages;
        functions.spread(|function| {
            let code = files.get(function.file).map(|file| &file.code);
            let calls = function.body.clone().filter_map(|at| {
                let code = code?;
                code.closing(at + 1, '(').and_then(|_| code.word(at)).map(ToOwned::to_owned)
            });
            calls.collect()
        });
        packages.takers = sockets::takers(&packages);
        packages.readers = middleware::readers(&packages);
        packages.habits = middleware::habits(&packages);
        packages.deciding = middleware::deciding(&packages);
        packages
    }

    /// The files, each with its index.
    pub(super) fn all_code(&self) -> impl Iterator<Item = (usize, &Code)> {
        self.files.iter().map(|file| &file.code).enumerate()
    }

    pub(super) fn code(&self, file: usize) -> Option<&Code> {
        self.files.get(file).map(|file| &file.code)
    }

    /// The paths of the packages that a file imports.
    pub(super) fn imports(&self, file: usize) -> impl Iterator<Item = &str> {
        self.files.get(file).into_iter().flat_map(|file| file.imports.values().map(String::as_str))
    }

    /// The path of the package that a name stands for in a file.
    pub(super) fn import(&self, file: usize, name: &str) -> Option<&str> {
        self.files.get(file)?.imports.get(name).map(String::as_str)
    }

    /// The folder of a package of the program that a name stands for in a file.
    pub(super) fn own(&self, file: usize, name: &str) -> Option<&str> {
        self.folders.get(self.import(file, name)?).map(String::as_str)
    }

    /// Whether what handles requests by this expression takes sockets.
    pub(super) fn takes_sockets(&self, file: usize, handler: Range<usize>) -> bool {
        self.code(file).is_some_and(|code| sockets::are_taken(&self.takers, code, handler))
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_deref()
    }

    /// What a constant says.
    pub(super) fn constant(&self, file: usize, names: &[&str]) -> Option<String> {
        let mut left = MOST_CONSTANTS;
        self.evaluated(file, names, &mut left)
    }

    fn evaluated(&self, file: usize, names: &[&str], left: &mut usize) -> Option<String> {
        *left = left.checked_sub(1)?;
        let (folder, name) = match names {
            [name] => (self.files.get(file)?.folder.clone(), *name),
            [package, name] => (self.own(file, package)?.to_owned(), *name),
            _ => return None,
        };
        let (file, range) = self.constants.get(&(folder, name.to_owned()))?;
        self.code(*file)?.text(range.clone(), |names| self.evaluated(*file, names, left))
    }

    fn add(&mut self, file: File) {
        let index = self.files.len();
        let code = &file.code;
        let mut at = 0;
        while at < code.len() {
            match code.word(at) {
                Some("func") => {
                    if let Some((function, end)) = function(code, at, index, &file.folder) {
                        self.functions.add(function);
                        at = end;
                        continue;
                    }
                }
                Some("const" | "var") => {
                    let range = match code.closing(at + 1, '(') {
                        Some(closing) => at + 2..closing,
                        None => at + 1..line_end(code, at + 1),
                    };
                    for (name, value) in assignments(code, range) {
                        self.constants.insert((file.folder.clone(), name), (index, value));
                    }
                }
                Some("struct") if code.closing(at + 1, '{').is_some() => {
                    for (name, kind) in fields(code, at + 1) {
                        let known = self.fields.entry(name).or_insert_with(|| Some(kind.clone()));
                        if known.as_deref() != Some(&kind) {
                            *known = None;
                        }
                    }
                }
                _ => {}
            }
            at = code.after(at);
        }
        self.files.push(file);
    }
}

/// The packages that a file imports, by their names in it.
fn imports(code: &Code) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let mut start = 0;
    while start < code.len() {
        if !code.is_word(start, "import") {
            start = code.after(start);
            continue;
        }
        let range = match code.closing(start + 1, '(') {
            Some(closing) => start + 2..closing,
            None => start + 1..start + 3,
        };
        start = range.end;
        for at in range {
            let pieces = code.pieces(at).unwrap_or_default();
            let [Piece::Literal(path)] = pieces.as_slice() else { continue };
            let given = code.word(at.wrapping_sub(1)).filter(|word| *word != "import");
            let name = given.map_or_else(|| usual_name(path), ToOwned::to_owned);
            found.insert(name, path.clone());
        }
    }
    found
}

/// The name that a package is likely to have: the last part of its path that is no version.
fn usual_name(path: &str) -> String {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
    };
    let last = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
    let last = last.strip_prefix("go-").unwrap_or(last);
    last.split('.').next().unwrap_or(last).to_owned()
}

/// The function that is declared there, and where it ends.
fn function(code: &Code, at: usize, file: usize, folder: &str) -> Option<(Function, usize)> {
    let mut next = at + 1;
    let mut receiver = None;
    if let Some(closing) = code.closing(next, '(') {
        let words: Vec<&str> = code.words(next + 1..closing).collect();
        receiver = Some(match words.as_slice() {
            [kind] => (String::new(), (*kind).to_owned()),
            [name, kind, ..] => ((*name).to_owned(), (*kind).to_owned()),
            [] => return None,
        });
        next = closing + 1;
    }
    let name = code.word(next)?.to_owned();
    next = code.after(next);
    if code.closing(next, '[').is_some() {
        next = code.after(next);
    }
    code.closing(next, '(')?;
    let parameters = parameters(code, next);
    next = code.after(next);
    let results = next;
    while code.closing(next, '{').is_none() {
        let token = code.token(next)?;
        if token.begins_line {
            return None;
        }
        // `interface{}` and `struct{}` among the results.
        next = code.after(next) + usize::from(matches!(code.word(next), Some("interface" | "struct"))) * 2;
    }
    let body = next + 1..code.closing(next, '{')?;
    let first = if code.closing(results, '(').is_some() { results + 1 } else { results };
    let gives = code.words(first..next).find(|word| !matches!(*word, "func" | "chan")).map(ToOwned::to_owned);
    // `pkg.Type`
    let gives = match first + 1 {
        _ if code.is_mark(first, '*') && code.is_mark(first + 2, '.') => {
            code.word(first + 3).map(ToOwned::to_owned)
        }
        dot if code.is_mark(dot, '.') => code.word(dot + 1).map(ToOwned::to_owned),
        _ => gives,
    };
    let concerns = body
        .clone()
        .any(|at| code.word(at).is_some_and(may_concern_routers) && code.closing(at + 1, '(').is_some());
    let end = body.end + 1;
    let scope = folder.to_owned();
    Some((Function { name, file, scope, receiver, parameters, gives, body, concerns }, end))
}

/// The names and types of parameters: `a, b A, c *pkg.C`.
fn parameters(code: &Code, open: usize) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for part in code.arguments(open) {
        let words: Vec<&str> = code.words(part).collect();
        let Some((name, kind)) = words.split_first() else { continue };
        let kind = kind.last().map_or_else(String::new, |kind| (*kind).to_owned());
        if !kind.is_empty() {
            for (_, earlier) in found.iter_mut().rev().take_while(|(_, kind)| kind.is_empty()) {
                earlier.clone_from(&kind);
            }
        }
        found.push(((*name).to_owned(), kind));
    }
    found
}

/// What names are set to in a range: one in a line.
fn assignments(code: &Code, range: Range<usize>) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let end = line_end(code, at).min(range.end);
        let equals = (at..end).find(|at| code.is_mark(*at, '='));
        if let (Some(name), Some(equals)) = (code.word(at), equals) {
            found.push((name.to_owned(), equals + 1..end));
        }
        at = end.max(at + 1);
    }
    found
}

/// Where the line ends that goes on at `at`, brackets and operators taken along.
fn line_end(code: &Code, at: usize) -> usize {
    let mut next = code.after(at);
    while let Some(token) = code.token(next) {
        let goes_on = code.is_mark(next - 1, '+') || code.is_mark(next - 1, ',');
        if token.begins_line && !goes_on || token.kind == Kind::Mark(';') {
            break;
        }
        next = code.after(next);
    }
    next
}

/// The names and types of the fields of a type.
fn fields(code: &Code, open: usize) -> Vec<(String, String)> {
    let Some(closing) = code.closing(open, '{') else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = open + 1;
    while at < closing {
        let end = line_end(code, at).min(closing);
        let words: Vec<&str> = code.words(at..end).collect();
        match words.as_slice() {
            // A type that is embedded goes by its own name.
            [only] => found.push(((*only).to_owned(), (*only).to_owned())),
            [_, kind] if code.is_mark(at + 1, '.') || code.is_mark(at, '*') && code.is_mark(at + 2, '.') => {
                found.push(((*kind).to_owned(), (*kind).to_owned()));
            }
            [name, .., kind] => found.push(((*name).to_owned(), (*kind).to_owned())),
            [] => {}
        }
        at = end.max(at + 1);
    }
    found
}
