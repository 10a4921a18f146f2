//! The files of a program with classes, and what the expressions in them say.

use std::collections::HashMap;
use std::ops::Range;

use policy_text::source::FileId;

use crate::code::{Code, MOST_CONSTANTS};
use crate::declarations::{Class, classes};
use crate::reading::Reading;

/// A file and what it declares.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) code: Code,
    /// The last one holds what stands outside of classes.
    pub(crate) classes: Vec<Class>,
    /// The package of Java and Kotlin.
    pub(crate) package: String,
    /// Whether it takes names from elsewhere.
    imports: bool,
}

/// A class, by the indices of its file and of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClassId(usize, usize);

impl ClassId {
    /// The index of its file.
    pub(crate) fn file(self) -> usize {
        self.0
    }
}

/// All files of a program.
#[derive(Debug, Default)]
pub(crate) struct Units {
    all: Vec<Unit>,
    by_name: HashMap<String, Vec<ClassId>>,
    /// The fields that are set to something, by their names: their classes, in order, and their values.
    constants: HashMap<String, Vec<(ClassId, Range<usize>)>>,
}

impl Units {
    /// Reads the files.
    pub(crate) fn read(files: impl IntoIterator<Item = FileId>, reading: &mut Reading<'_>) -> Self {
        let mut units = Self::default();
        for file in files {
            if let Some(code) = reading.code(file) {
                units.add(code);
            }
        }
        units
    }

    fn add(&mut self, code: Code) {
        let classes = classes(&code);
        for (index, class) in classes.iter().enumerate() {
            let id = ClassId(self.all.len(), index);
            self.by_name.entry(class.name.clone()).or_default().push(id);
            for member in class.members.iter().filter(|member| member.parameters.is_none()) {
                if let Some(value) = &member.value {
                    self.constants.entry(member.name.clone()).or_default().push((id, value.clone()));
                }
            }
        }
        let package = package(&code);
        let imports = code.mentions("import");
        self.all.push(Unit { code, classes, package, imports });
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

    /// What stands outside of classes in the file of that index.
    pub(crate) fn outside(&self, file: usize) -> Option<ClassId> {
        Some(ClassId(file, self.all.get(file)?.classes.len().checked_sub(1)?))
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
        let mut left = MOST_CONSTANTS;
        self.evaluated(class, range, &mut left)
    }

    /// What a name in a class stands for: a constant.
    pub(crate) fn constant_of(&self, class: ClassId, names: &[&str]) -> Option<String> {
        let mut left = MOST_CONSTANTS;
        self.constant(class, names, &mut left)
    }

    fn evaluated(&self, class: ClassId, range: Range<usize>, left: &mut usize) -> Option<String> {
        let (unit, _) = self.class(class)?;
        unit.code.text(range, |names| self.constant(class, names, left))
    }

    /// The value of `NAME`, which the class, its file or one that is imported declares, or of `Other.NAME`.
    fn constant(&self, class: ClassId, names: &[&str], left: &mut usize) -> Option<String> {
        *left = left.checked_sub(1)?;
        let (name, owners) = names.split_last()?;
        let declared = self.constants.get(*name)?;
        let of = |owner: ClassId| {
            let at = declared.partition_point(|(id, _)| *id < owner);
            declared.get(at).filter(|(id, _)| *id == owner)
        };
        let in_file = |file: usize| {
            let at = declared.partition_point(|(id, _)| id.0 < file);
            declared.get(at).filter(|(id, _)| id.0 == file)
        };
        let (owner, value) = match owners.last() {
            // What a Kotlin object declares for its class is the class's own.
            Some(owner) => {
                let owner = self.named(owner)?;
                of(owner).or_else(|| in_file(owner.0))?
            }
            // An import of the one name, or of all names of a class, where the file does not declare it.
            None => of(class).or_else(|| in_file(class.0)).or_else(|| {
                let (unit, _) = self.class(class)?;
                let [only] = declared.as_slice() else { return None };
                unit.imports.then_some(only)
            })?,
        };
        self.evaluated(*owner, value.clone(), left)
    }
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
