//! Imports: modules are loaded once, packages before what lies in them.

use policy_text::source::{FileId, RepoPath, Span};

use super::Interpreter;
use super::value::{ScopeId, Value};
use crate::modules::Found;
use crate::parse::syntax::{Imported, Statement};

/// Imports and calls inside one another.
const DEEPEST: usize = 64;
/// What one import or call may need of the stack, with all that is inside of it and is no import or call.
const RED_ZONE: usize = 2 << 20;
const STACK: usize = 8 << 20;

impl<'m> Interpreter<'m, '_> {
    /// Runs what may hold itself again on a stack that is large enough. `None` where it is too deep.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth == DEEPEST {
            self.is_cut_short = true;
            return None;
        }
        self.depth += 1;
        let result = stacker::maybe_grow(RED_ZONE, STACK, || work(self));
        self.depth -= 1;
        Some(result)
    }

    /// Loads a module, and gives its scope.
    pub(crate) fn load(&mut self, file: FileId) -> ScopeId {
        if let Some(scope) = self.loaded.get(&file) {
            return *scope;
        }
        let scope = self.new_scope(file, None);
        self.loaded.insert(file, scope);
        let name = if self.script == Some(file) { "__main__" } else { self.stem(file) };
        let name = Value::text(name);
        self.bind(scope, "__name__", name);
        let modules = self.modules;
        if let Some(module) = modules.module(file) {
            // What is imported is loaded wherever else it is imported too.
            let doubt = self.doubt.take();
            self.at_cost_of(file, |this| this.deeper(|this| this.run(&module.body, scope)));
            self.doubt = doubt;
        }
        scope
    }

    /// Loads a module as the one that is run.
    pub(crate) fn run_as_script(&mut self, file: FileId) {
        self.script = Some(file);
        self.load(file);
    }

    /// Whether a module has a name.
    pub(crate) fn defines(&mut self, file: FileId, name: &str) -> bool {
        let scope = self.load(file);
        self.own_name(scope, name).is_some()
    }

    /// Where a name is assigned: in that module, or else in one that is loaded and may hand it on.
    pub(crate) fn assigned_at(&self, file: FileId, name: &str) -> Option<Span> {
        let assigns = |file: FileId| {
            let statements = self.modules.module(file)?.body.iter().rev();
            let mut targets = statements.filter_map(|statement| match statement {
                Statement::Assign { targets, .. } => targets.iter().find(|target| target.is_named(&[name])),
                _ => None,
            });
            Some(targets.next()?.at.within(file))
        };
        assigns(file).or_else(|| self.loaded.keys().find_map(|loaded| assigns(*loaded)))
    }

    /// The application among the names of a module, where there is only one.
    pub(crate) fn only_application(&mut self, file: FileId) -> Option<Value<'m>> {
        let scope = self.load(file);
        let values = self.names(scope).into_values();
        let mut applications = values.filter(|value| match value {
            Value::Group(group) => self.group(*group).is_some_and(|group| group.kind.is_application()),
            _ => false,
        });
        let first = applications.next()?;
        applications.all(|other| other.is_same(&first)).then_some(first)
    }

    fn stem(&self, file: FileId) -> &'m str {
        let name = self.modules.sources().path(file).file_name();
        name.strip_suffix(".py").unwrap_or(name)
    }

    fn loaded(&mut self, found: Found) -> Value<'m> {
        match found {
            Found::Module(file) => {
                self.load(file);
                Value::Module(file)
            }
            Found::Namespace(folder) => Value::Namespace(folder),
        }
    }

    /// The module or package `name` in one of `folders`.
    pub(super) fn load_within(&mut self, folders: &[RepoPath], name: &str) -> Option<Value<'m>> {
        let found = self.modules.within(folders, name)?;
        Some(self.loaded(found))
    }

    /// The module `name` in a package.
    pub(super) fn submodule(&mut self, package: &Value<'m>, name: &str) -> Option<Value<'m>> {
        let folder = match package {
            Value::Module(file) => self.modules.folder_of(&Found::Module(*file))?,
            Value::Namespace(folder) => folder.clone(),
            _ => return None,
        };
        self.load_within(&[folder], name)
    }

    /// What an absolute dotted name stands for: a module of the tree, or something outside of it.
    pub(crate) fn import(&mut self, dotted: &str) -> Value<'m> {
        let mut names = dotted.split('.');
        let roots = self.roots;
        let first = names.next().and_then(|name| self.load_within(roots, name));
        let Some(first) = first else { return Value::external(dotted) };
        names.try_fold(first, |package, name| self.submodule(&package, name)).unwrap_or(Value::Unknown)
    }

    pub(super) fn import_module(&mut self, module: &str, alias: Option<&str>, scope: ScopeId) {
        let whole = self.import(module);
        let first = module.split('.').next().unwrap_or(module);
        if let Some(alias) = alias {
            self.bind(scope, alias, whole);
        } else {
            let value = self.import(first);
            self.bind(scope, first, value);
        }
    }

    pub(super) fn import_names(&mut self, level: u32, module: &str, names: &Imported, scope: ScopeId) {
        let source = if level == 0 { self.import(module) } else { self.relative(level, module, scope) };
        match names {
            Imported::Names(names) => {
                for (name, bound) in names {
                    let value = self.imported_name(&source, name);
                    self.bind(scope, bound, value);
                }
            }
            Imported::All => {
                let Value::Module(file) = source else { return };
                let from = self.load(file);
                let names = self.names(from);
                if self.pay(names.len()) {
                    for (name, value) in names {
                        if !name.starts_with('_') {
                            self.bind(scope, &name, value);
                        }
                    }
                }
            }
        }
    }

    fn relative(&mut self, level: u32, module: &str, scope: ScopeId) -> Value<'m> {
        let package = self.modules.package_of(self.file_of(scope));
        let Some(folder) = package.ancestors().nth(level as usize - 1) else { return Value::Unknown };
        if module.is_empty() {
            let found = self.modules.within(std::slice::from_ref(&folder), "");
            return found.map_or(Value::Namespace(folder), |found| self.loaded(found));
        }
        let mut names = module.split('.');
        let first = names.next().and_then(|name| self.load_within(&[folder], name));
        first
            .and_then(|first| names.try_fold(first, |package, name| self.submodule(&package, name)))
            .unwrap_or(Value::Unknown)
    }

    /// What `from source import name` gives.
    pub(super) fn imported_name(&mut self, source: &Value<'m>, name: &str) -> Value<'m> {
        match source {
            Value::Module(file) => {
                let scope = self.load(*file);
                self.own_name(scope, name).or_else(|| self.submodule(source, name)).unwrap_or(Value::Unknown)
            }
            Value::Namespace(_) => self.submodule(source, name).unwrap_or(Value::Unknown),
            Value::External(dotted) => Value::external(&format!("{dotted}.{name}")),
            _ => Value::Unknown,
        }
    }
}
