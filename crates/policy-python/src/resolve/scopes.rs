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
    /// The scope around it whose names it sees.
    pub(super) parent: Option<ScopeId>,
    pub(super) file: FileId,
    /// A class, whose names functions in it do not see.
    pub(super) is_class: bool,
}

impl<'m> Interpreter<'m, '_> {
    pub(super) fn new_scope(&mut self, file: FileId, parent: Option<ScopeId>) -> ScopeId {
        self.scopes.push(Scope { names: BTreeMap::new(), parent, file, is_class: false });
        ScopeId(self.scopes.len() - 1)
    }

    pub(super) fn new_class_scope(&mut self, around: ScopeId) -> ScopeId {
        let file = self.file_of(around);
        self.scopes.push(Scope { names: BTreeMap::new(), parent: Some(around), file, is_class: true });
        ScopeId(self.scopes.len() - 1)
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
    pub(super) fn name(&self, scope: ScopeId, name: &str) -> Value<'m> {
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
            scope.names.insert(name.into(), value);
        }
    }

    pub(super) fn names(&self, scope: ScopeId) -> BTreeMap<Rc<str>, Value<'m>> {
        self.scopes.get(scope.0).map(|scope| scope.names.clone()).unwrap_or_default()
    }

    pub(super) fn set_names(&mut self, scope: ScopeId, names: BTreeMap<Rc<str>, Value<'m>>) {
        if let Some(scope) = self.scopes.get_mut(scope.0) {
            scope.names = names;
        }
    }
}
