//! Scopes: which names stand for which values where.

use std::collections::BTreeMap;
use std::rc::Rc;

use policy_text::source::FileId;

use super::Interpreter;
use super::value::{ScopeId, Value};

/// The names of a module, a function or a class.
#[derive(Debug)]
pub(super) struct Scope<'m> {
    pub(super) names: BTreeMap<Rc<str>, Value<'m>>,
    /// What names stood for before the branches that run now changed them, in the order of the changes.
    changed: Vec<(Rc<str>, Option<Value<'m>>)>,
    /// How many branches run now, each inside of the other.
    branches: usize,
    /// The scope around it whose names it sees.
    pub(super) parent: Option<ScopeId>,
    pub(super) file: FileId,
    /// A class, whose names functions in it do not see.
    pub(super) is_class: bool,
}

impl<'m> Interpreter<'m, '_> {
    pub(super) fn new_scope(&mut self, file: FileId, parent: Option<ScopeId>) -> ScopeId {
        self.add_scope(file, parent, false)
    }

    pub(super) fn new_class_scope(&mut self, around: ScopeId) -> ScopeId {
        let file = self.file_of(around);
        self.add_scope(file, Some(around), true)
    }

    fn add_scope(&mut self, file: FileId, parent: Option<ScopeId>, is_class: bool) -> ScopeId {
        let (names, changed) = (BTreeMap::new(), Vec::new());
        self.scopes.push(Scope { names, changed, branches: 0, parent, file, is_class });
        ScopeId(self.scopes.len() - 1)
    }

    /// The scope of a call. What it holds is held to the end of the run, as functions that are defined in it may see it.
    pub(super) fn new_call_scope(&mut self, around: ScopeId) -> Option<ScopeId> {
        self.hold::<[Scope<'_>; 6]>(1).then(|| self.new_scope(self.file_of(around), Some(around)))
    }

    /// The scope that functions defined in this one see.
    pub(super) fn seen_by_functions(&self, scope: ScopeId) -> ScopeId {
        let class = self.scopes.get(scope.0).filter(|scope| scope.is_class);
        class.and_then(|class| class.parent).unwrap_or(scope)
    }

    pub(super) fn file_of(&self, scope: ScopeId) -> FileId {
        self.scopes.get(scope.0).map_or(FileId(0), |scope| scope.file)
    }

    /// The value of a name in that very scope.
    pub(super) fn own_name(&self, scope: ScopeId, name: &str) -> Option<Value<'m>> {
        self.scopes.get(scope.0)?.names.get(name).cloned()
    }

    /// The value of a name as code in that scope sees it.
    pub(crate) fn name(&self, scope: ScopeId, name: &str) -> Value<'m> {
        let mut current = Some(scope);
        while let Some(scope) = current.and_then(|scope| self.scopes.get(scope.0)) {
            if let Some(value) = scope.names.get(name) {
                return value.clone();
            }
            current = scope.parent;
        }
        Value::External(format!("builtins.{name}").into())
    }

    pub(super) fn bind(&mut self, scope: ScopeId, name: &str, value: Value<'m>) {
        if let Some(scope) = self.scopes.get_mut(scope.0) {
            let name: Rc<str> = name.into();
            let before = scope.names.insert(name.clone(), value);
            if scope.branches > 0 {
                scope.changed.push((name, before));
            }
        }
    }

    pub(super) fn names(&self, scope: ScopeId) -> BTreeMap<Rc<str>, Value<'m>> {
        self.scopes.get(scope.0).map(|scope| scope.names.clone()).unwrap_or_default()
    }

    /// Runs what may not run, sets back the names that it changed, and gives what they stood for at its end.
    pub(super) fn as_branch<T>(
        &mut self,
        scope: ScopeId,
        work: impl FnOnce(&mut Self) -> T,
    ) -> (T, BTreeMap<Rc<str>, Value<'m>>) {
        let mut start = 0;
        if let Some(scope) = self.scopes.get_mut(scope.0) {
            scope.branches += 1;
            start = scope.changed.len();
        }
        let result = work(self);
        let mut changed = BTreeMap::new();
        if let Some(scope) = self.scopes.get_mut(scope.0) {
            scope.branches -= 1;
            while scope.changed.len() > start
                && let Some((name, before)) = scope.changed.pop()
            {
                let now = match before {
                    Some(before) => scope.names.insert(name.clone(), before),
                    None => scope.names.remove(&name),
                };
                if let Some(now) = now {
                    changed.entry(name).or_insert(now);
                }
            }
        }
        (result, changed)
    }
}
