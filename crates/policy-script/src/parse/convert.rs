//! From the parser's tree to the tables of a [`Module`]: the state of the conversion and the names in it.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use swc_common::{BytePos, Span};
use swc_ecma_ast as ast;

use super::syntax::{
    Binding, BindingId, Candidate, ConditionKey, Definition, Expr, ExprId, ExprKind, FunctionId, Guard,
    GuardId, Imported, Module, NameUse, Owner, Property, Request, RequestId, Scope, ScopeId, Test,
};

/// Expressions and statements inside each other; what lies deeper is opaque.
const MAX_DEPTH: usize = 250;

/// The offset of a position in the file.
pub(super) fn offset(position: BytePos) -> usize {
    (position.0 as usize).saturating_sub(1)
}

pub(super) fn range(span: Span) -> (u32, u32) {
    let start = offset(span.lo) as u32;
    (start, (offset(span.hi) as u32).max(start))
}

/// A conversion under way.
pub(super) struct Converter<'t> {
    pub(super) module: Module,
    text: &'t str,
    pub(super) scope: ScopeId,
    pub(super) function: Option<FunctionId>,
    pub(super) guard: Option<GuardId>,
    pub(super) owner: Option<Owner>,
    depth: usize,
    /// The scope of code that runs on a server.
    server: Option<ScopeId>,
    /// Assignments to names, whose declarations may come later in the text.
    assignments: Vec<(Arc<str>, ScopeId, Target, Definition)>,
}

/// What of a name an assignment changes.
enum Target {
    Whole,
    Property(Arc<str>),
}

impl<'t> Converter<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut module = Module::default();
        let scope = ScopeId::add(&mut module, Scope { parent: None, function: None, names: BTreeMap::new() });
        Self {
            module,
            text,
            scope,
            function: None,
            guard: None,
            owner: None,
            depth: 0,
            server: None,
            assignments: Vec::new(),
        }
    }

    /// Adds one script; several share the outermost scope.
    pub(super) fn program(&mut self, program: &ast::Program) {
        match program {
            ast::Program::Module(module) => {
                let statements = module.body.iter().map_while(ast::ModuleItem::as_stmt);
                self.directives(statements);
                self.items(&module.body);
            }
            ast::Program::Script(script) => {
                self.directives(script.body.iter());
                self.statements(&script.body);
            }
        }
    }

    /// Runs `work` for code that runs on a server: what it names the scripts of the page do not see, what it connects to
    /// does not matter, and what it imports tells nothing of the page.
    pub(super) fn on_server<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let page = self.scope;
        let scope = Scope { parent: None, function: None, names: BTreeMap::new() };
        self.scope = ScopeId::add(&mut self.module, scope);
        self.server = Some(self.scope);
        let result = work(self);
        self.scope = page;
        self.module.candidates.clear();
        self.module.server_requests = self.module.requests.len();
        result
    }

    /// Gives the scripts of the page the properties of an object that code on the server hands them.
    pub(super) fn hand_over(&mut self, object: &ast::Expr) {
        let Some(server) = self.server else { return };
        let page = std::mem::replace(&mut self.scope, server);
        let object = self.expression(object);
        self.scope = page;
        let ExprKind::Object(properties) = self.module[object].kind.clone() else { return };
        for property in properties {
            if let Property::Value(name, value) = property {
                self.declare(&name, page, Some(value), 0);
            }
        }
    }

    fn directives<'s>(&mut self, statements: impl Iterator<Item = &'s ast::Stmt>) {
        for statement in statements {
            let ast::Stmt::Expr(statement) = statement else { return };
            let ast::Expr::Lit(ast::Lit::Str(directive)) = &*statement.expr else { return };
            self.module.directives.push(text_of(directive));
        }
    }

    /// The module, with every assignment given to the name it assigns.
    pub(super) fn finish(mut self) -> Module {
        for (name, scope, target, definition) in std::mem::take(&mut self.assignments) {
            let binding = match (self.module.lookup(&name, scope), &target) {
                (Some(binding), _) => binding,
                // Without a declaration it becomes a global, unless the browser has it already.
                (None, Target::Whole) if !matches!(&*name, "location" | "window" | "document") => {
                    self.declare(&name, self.scope, None, 0)
                }
                (None, Target::Property(property)) if matches!(&*name, "window" | "globalThis" | "self") => {
                    self.module.global_writes.push((property.clone(), definition));
                    continue;
                }
                (None, _) => continue,
            };
            let binding = &mut self.module[binding];
            match target {
                Target::Whole => binding.definitions.push(definition),
                Target::Property(property) => binding.writes.push((property, definition)),
            }
        }
        for binding in &mut self.module.bindings {
            binding.definitions.sort_by_key(|definition| definition.at);
        }
        let names = self.module.exprs.iter().filter_map(|expr| match &expr.kind {
            ExprKind::Name(used)
                if self.module.lookup(&used.name, used.scope).is_none() && !self.is_on_server(used.scope) =>
            {
                Some(used.name.clone())
            }
            _ => None,
        });
        let names: BTreeSet<Arc<str>> = names.collect();
        self.module.globals = names.into_iter().collect();
        self.module
    }

    fn is_on_server(&self, scope: ScopeId) -> bool {
        let mut scopes = std::iter::successors(Some(scope), |&scope| self.module[scope].parent);
        self.server.is_some_and(|server| scopes.any(|scope| scope == server))
    }

    pub(super) fn add(&mut self, kind: ExprKind, range: (u32, u32)) -> ExprId {
        ExprId::add(&mut self.module, Expr { kind, range })
    }

    /// Keeps a call or construction as one that may matter.
    pub(super) fn candidate(&mut self, expr: ExprId) {
        let candidate = Candidate { expr, guard: self.guard, is_element: false };
        self.module.candidates.push(candidate);
    }

    pub(super) fn opaque(&mut self, span: Span) -> ExprId {
        self.add(ExprKind::Opaque, range(span))
    }

    /// Runs `work` one level deeper. `None` where that is too deep.
    pub(super) fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `work` in a new scope.
    pub(super) fn in_scope(&mut self, work: impl FnOnce(&mut Self)) {
        let outer = self.scope;
        let scope = Scope { parent: Some(outer), function: self.function, names: BTreeMap::new() };
        self.scope = ScopeId::add(&mut self.module, scope);
        work(self);
        self.scope = outer;
    }

    /// Runs `work` under one more condition.
    pub(super) fn under<T>(&mut self, test: Test, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.guard;
        self.assume(test);
        let result = work(self);
        self.guard = outer;
        result
    }

    /// Adds a condition to all that follows in the block.
    pub(super) fn assume(&mut self, test: Test) {
        let guard = Guard { test, parent: self.guard };
        self.guard = Some(GuardId::add(&mut self.module, guard));
    }

    /// The key of a condition: equal for those written alike.
    pub(super) fn key(&self, condition: ExprId) -> ConditionKey {
        let mut hasher = DefaultHasher::new();
        let text = self.text.get(self.module[condition].range()).unwrap_or_default();
        for word in text.split_whitespace() {
            word.hash(&mut hasher);
        }
        ConditionKey(hasher.finish())
    }

    /// The two outcomes of a condition.
    pub(super) fn outcomes(&self, condition: ExprId) -> (Test, Test) {
        if let ExprKind::Not(inner) = self.module[condition].kind {
            let (holds, fails) = self.outcomes(inner);
            return (fails, holds);
        }
        let key = self.key(condition);
        (Test::Holds(condition, key), Test::Fails(condition, key))
    }

    /// Declares `name` in `scope` with its first value; a second declaration is one more value.
    pub(super) fn declare(
        &mut self,
        name: &str,
        scope: ScopeId,
        value: Option<ExprId>,
        at: u32,
    ) -> BindingId {
        let name: Arc<str> = name.into();
        let binding = if let Some(&binding) = self.module[scope].names.get(&name) {
            binding
        } else {
            let binding = Binding { definitions: Vec::new(), writes: Vec::new() };
            let binding = BindingId::add(&mut self.module, binding);
            self.module[scope].names.insert(name, binding);
            binding
        };
        if let Some(value) = value {
            let definition = self.definition(value, at);
            self.module[binding].definitions.push(definition);
        }
        binding
    }

    pub(super) fn definition(&self, value: ExprId, at: u32) -> Definition {
        Definition { value, guard: self.guard, at, function: self.function }
    }

    /// Records `name = value`.
    pub(super) fn assign(&mut self, name: &str, value: ExprId, at: u32) {
        let definition = self.definition(value, at);
        self.assignments.push((name.into(), self.scope, Target::Whole, definition));
    }

    /// Records `name.property = value`.
    pub(super) fn write(&mut self, used: &NameUse, property: Arc<str>, value: ExprId, at: u32) {
        let definition = self.definition(value, at);
        self.assignments.push((used.name.clone(), used.scope, Target::Property(property), definition));
    }

    /// The scope in which `var` declares: that of the function around.
    pub(super) fn function_scope(&self) -> ScopeId {
        let mut scope = self.scope;
        while let Some(parent) = self.module[scope].parent {
            if self.module[parent].function != self.function {
                break;
            }
            scope = parent;
        }
        scope
    }

    pub(super) fn name(&mut self, name: &str, span: Span) -> ExprId {
        let used = NameUse { name: name.into(), scope: self.scope, guard: self.guard, at: range(span).0 };
        self.add(ExprKind::Name(used), range(span))
    }

    /// A name that is looked at later: whoever imports it sees what the whole module has made of it.
    pub(super) fn settled_name(&mut self, name: &str, span: Span) -> ExprId {
        let used = NameUse { name: name.into(), scope: self.scope, guard: None, at: u32::MAX };
        self.add(ExprKind::Name(used), range(span))
    }

    pub(super) fn request(&mut self, source: &ast::Str) -> RequestId {
        let request = Request { specifier: text_of(source) };
        RequestId::add(&mut self.module, request)
    }

    pub(super) fn import(&mut self, local: &ast::Ident, request: RequestId, imported: Imported) {
        let value = self.add(ExprKind::Import(request, imported), range(local.span));
        // Imports are in force before the text reaches them.
        self.declare(&local.sym, self.scope, Some(value), 0);
    }
}

/// The characters of a string literal; a lone surrogate becomes the replacement character.
pub(super) fn text_of(literal: &ast::Str) -> Arc<str> {
    literal.value.to_string_lossy().as_ref().into()
}
