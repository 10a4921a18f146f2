//! The files of a program with classes, and what the expressions in them say.

use std::collections::HashMap;
use std::ops::Range;

use policy_text::source::{FileId, Sources};

use crate::code::Code;
use crate::declarations::{Class, Member, classes};
use crate::scan::{Language, Piece};

/// Constants that are set by constants.
const DEEPEST: usize = 8;
/// A text that is longer is no path.
const LONGEST: usize = 1 << 10;

/// A file and what it declares.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) code: Code,
    /// The last one holds what stands outside of classes.
    pub(crate) classes: Vec<Class>,
    /// The package of Java and Kotlin.
    pub(crate) package: String,
}

/// A class, by the indices of its file and of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClassId(usize, usize);

/// All files of a program.
#[derive(Debug, Default)]
pub(crate) struct Units {
    all: Vec<Unit>,
    by_name: HashMap<String, Vec<ClassId>>,
}

impl Units {
    /// Reads the files, each in the language of its name. What cannot be read is left out.
    pub(crate) fn read(files: impl IntoIterator<Item = FileId>, sources: &Sources<'_>) -> Self {
        let mut units = Self::default();
        for file in files {
            let language = match sources.path(file).extension() {
                Some("kt") => &Language::KOTLIN,
                Some("cs") => &Language::CSHARP,
                _ => &Language::JAVA,
            };
            let Ok(decoded) = sources.read(file) else { continue };
            units.add(Code::new(file, decoded.text, language));
        }
        units
    }

    fn add(&mut self, code: Code) {
        let classes = classes(&code);
        for (index, class) in classes.iter().enumerate() {
            self.by_name.entry(class.name.clone()).or_default().push(ClassId(self.all.len(), index));
        }
        let package = package(&code);
        self.all.push(Unit { code, classes, package });
    }

    pub(crate) fn all(&self) -> &[Unit] {
        &self.all
    }

    /// Every class, in the order of files.
    pub(crate) fn classes(&self) -> impl Iterator<Item = (ClassId, &Unit, &Class)> {
        self.all.iter().enumerate().flat_map(|(file, unit)| {
            let own = unit.classes.iter().enumerate();
            own.map(move |(index, class)| (ClassId(file, index), unit, class))
        })
    }

    pub(crate) fn class(&self, id: ClassId) -> Option<(&Unit, &Class)> {
        let unit = self.all.get(id.0)?;
        Some((unit, unit.classes.get(id.1)?))
    }

    /// The class of that name, where it is the only one.
    pub(crate) fn named(&self, name: &str) -> Option<ClassId> {
        match self.by_name.get(name)?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The texts that an argument lists: one, or an array of them. What cannot be told is `None`.
    pub(crate) fn texts(&self, class: ClassId, range: Range<usize>) -> Vec<Option<String>> {
        let Some((unit, _)) = self.class(class) else { return Vec::new() };
        let code = &unit.code;
        let start = range.start;
        let is_array = ['{', '['].iter().any(|bracket| code.closing(start, *bracket).is_some());
        let listed = if is_array {
            start
        } else if ["arrayOf", "new"].iter().any(|word| code.is_word(start, word)) {
            let opens = |at: &usize| ['(', '{'].iter().any(|own| code.closing(*at, *own).is_some());
            range.clone().rev().find(opens).unwrap_or(start)
        } else {
            return vec![self.text(class, range)];
        };
        code.arguments(listed).into_iter().map(|part| self.text(class, part)).collect()
    }

    /// What an expression in a class says, where constants and texts make it up.
    pub(crate) fn text(&self, class: ClassId, range: Range<usize>) -> Option<String> {
        self.evaluated(class, range, DEEPEST)
    }

    fn evaluated(&self, class: ClassId, range: Range<usize>, depth: usize) -> Option<String> {
        let (unit, _) = self.class(class)?;
        let depth = depth.checked_sub(1)?;
        let mut said = String::new();
        let terms = unit.code.split(range, '+');
        if terms.is_empty() {
            return None;
        }
        for term in terms {
            said.push_str(&self.term(class, &unit.code, term, depth)?);
            if said.len() > LONGEST {
                return None;
            }
        }
        Some(said)
    }

    fn term(&self, class: ClassId, code: &Code, term: Range<usize>, depth: usize) -> Option<String> {
        if let (Some(pieces), 1) = (code.pieces(term.start), term.len()) {
            let said = pieces.into_iter().map(|piece| match piece {
                Piece::Literal(text) => Some(text),
                Piece::Hole(name) => self.constant(class, &name.split('.').collect::<Vec<_>>(), depth),
            });
            return said.collect();
        }
        let mut names = Vec::new();
        for (index, at) in term.enumerate() {
            if index % 2 == 0 {
                names.push(code.word(at)?);
            } else if !code.is_mark(at, '.') {
                return None;
            }
        }
        // `nameof(X)` and calls have brackets, and are not known.
        self.constant(class, &names, depth)
    }

    /// What a name in a class stands for: a constant.
    pub(crate) fn constant_of(&self, class: ClassId, names: &[&str]) -> Option<String> {
        self.constant(class, names, DEEPEST)
    }

    /// The value of `NAME`, which the class, its file or one that is imported declares, or of `Other.NAME`.
    fn constant(&self, class: ClassId, names: &[&str], depth: usize) -> Option<String> {
        let (name, owners) = names.split_last()?;
        let owner = match owners.last() {
            Some(owner) => self.named(owner)?,
            None => self.declaring(class, name)?,
        };
        // What a Kotlin object declares for its class is the class's own.
        let (unit, declared) = self.class(owner)?;
        let (index, member) = match member(declared, name) {
            Some(member) => (owner.1, member),
            None => unit.classes.iter().enumerate().find_map(|(index, other)| {
                (other.name.is_empty() || other.name == "Companion")
                    .then(|| Some((index, member(other, name)?)))?
            })?,
        };
        self.evaluated(ClassId(owner.0, index), member.value.clone()?, depth)
    }
    /// The class whose constant a plain name means: the class itself, one of its file, or one that is imported.
    fn declaring(&self, class: ClassId, name: &str) -> Option<ClassId> {
        let (unit, own) = self.class(class)?;
        let declares = |class: &Class| member(class, name).is_some();
        if declares(own) {
            return Some(class);
        }
        if let Some(index) = unit.classes.iter().position(declares) {
            return Some(ClassId(class.0, index));
        }
        let mut declaring = self.classes().filter(|(_, _, class)| declares(class)).map(|(id, ..)| id);
        let first = declaring.next().filter(|_| unit.code.mentions("import"))?;
        declaring.next().is_none().then_some(first)
    }
}

/// A field that is set to something.
fn member<'c>(class: &'c Class, name: &str) -> Option<&'c Member> {
    let is_field = |member: &&Member| member.parameters.is_none() && member.value.is_some();
    class.members.iter().filter(is_field).find(|member| member.name == name)
}

/// What stands behind `package`.
fn package(code: &Code) -> String {
    let Some(start) = (0..code.len()).find(|at| code.is_word(*at, "package")) else { return String::new() };
    let mut name = String::new();
    for at in start + 1..code.len() {
        let begins_line = code.token(at).is_some_and(|token| token.begins_line);
        match code.word(at) {
            Some(word) if !begins_line => name.push_str(word),
            None if code.is_mark(at, '.') => name.push('.'),
            _ => break,
        }
    }
    name
}
