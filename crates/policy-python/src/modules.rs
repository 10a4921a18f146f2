//! The modules of a repository, each parsed once and only when something imports it.

use std::sync::OnceLock;

use policy_text::Problem;
use policy_text::source::{FileId, RepoPath, Sources};

use crate::parse::{self, syntax::Module};

/// Every module that can be read.
pub struct Modules<'a> {
    sources: &'a Sources<'a>,
    read: Vec<OnceLock<(Module, Option<Problem>)>>,
}

/// What a dotted name stands for in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A module, or the `__init__.py` of a package.
    Module(FileId),
    /// A folder without `__init__.py`, which is a package too.
    Namespace(RepoPath),
}

impl<'a> Modules<'a> {
    /// The modules of `sources`. Nothing is read yet.
    pub fn new(sources: &'a Sources<'a>) -> Self {
        Self { sources, read: sources.files().map(|_| OnceLock::new()).collect() }
    }

    /// What could not be read of the modules that were asked for, in the order of paths.
    pub fn problems(&self) -> Vec<Problem> {
        let read = self.read.iter().filter_map(OnceLock::get);
        read.filter_map(|(_, problem)| problem.clone()).collect()
    }

    pub(crate) fn sources(&self) -> &'a Sources<'a> {
        self.sources
    }

    /// The module in `file`.
    pub(crate) fn module(&self, file: FileId) -> Option<&Module> {
        let slot = self.read.get(file.0 as usize)?;
        let (module, _) = slot.get_or_init(|| match self.sources.read(file) {
            Ok(decoded) => parse::read(file, &decoded.text),
            // Whoever lists the files of the tree says what cannot be read of it.
            Err(_) => (Module::default(), None),
        });
        Some(module)
    }

    /// What `name`, without dots, stands for in one of `folders`, the first of which wins.
    pub(crate) fn within(&self, folders: &[RepoPath], name: &str) -> Option<Found> {
        let file = |folder: &RepoPath, path: &str| self.sources.find(&folder.join(path)?);
        let module = folders.iter().find_map(|folder| {
            file(folder, &format!("{name}/__init__.py")).or_else(|| file(folder, &format!("{name}.py")))
        });
        let namespace = || {
            let mut places = folders.iter().filter_map(|folder| folder.join(name));
            places.find(|place| !name.is_empty() && self.sources.is_folder(place))
        };
        module.map(Found::Module).or_else(|| namespace().map(Found::Namespace))
    }

    /// What a dotted name stands for, in one of `roots`.
    pub(crate) fn find(&self, roots: &[RepoPath], dotted: &str) -> Option<Found> {
        let mut names = dotted.split('.');
        let first = self.within(roots, names.next()?)?;
        names.try_fold(first, |found, name| self.within(&[self.folder_of(&found)?], name))
    }

    /// The folder whose modules lie below this one. `None` for a module that is no package.
    pub(crate) fn folder_of(&self, found: &Found) -> Option<RepoPath> {
        match found {
            Found::Namespace(folder) => Some(folder.clone()),
            Found::Module(file) => {
                let path = self.sources.path(*file);
                (path.file_name() == "__init__.py").then(|| path.parent()).flatten()
            }
        }
    }

    /// The folder from which the module in `file` imports relatively.
    pub(crate) fn package_of(&self, file: FileId) -> RepoPath {
        self.sources.folder_of(file)
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;

    #[test]
    fn a_package_goes_before_a_module_and_a_module_before_a_folder() {
        let tree = MemoryTree::of(&[
            ("a/app/__init__.py", ""),
            ("a/app.py", ""),
            ("a/plain/x.py", ""),
            ("b/plain.py", ""),
            ("b/only/x.txt", ""),
        ]);
        let sources = Sources::open(&tree);
        let modules = Modules::new(&sources);
        let path = |path| RepoPath::new(path).unwrap();
        let roots = [path("a"), path("b")];
        let file = |name| sources.find(&path(name)).map(Found::Module);
        assert_eq!(modules.within(&roots, "app"), file("a/app/__init__.py"));
        assert_eq!(modules.within(&roots, "plain"), file("b/plain.py"));
        assert_eq!(modules.within(&roots, "only"), Some(Found::Namespace(path("b/only"))));
        assert_eq!(modules.within(&roots, "fastapi"), None);
        assert!(modules.problems().is_empty());
    }
}
