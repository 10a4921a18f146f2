//! Statements: what they declare and assign, and under which conditions.

use std::sync::Arc;

use swc_common::Spanned as _;
use swc_ecma_ast as ast;

use super::convert::{Converter, range, text_of};
use super::pattern::Binds;
use super::syntax::{Comparison, Export, ExprId, ExprKind, Logic, Property, Test};

impl Converter<'_> {
    pub(super) fn items(&mut self, items: &[ast::ModuleItem]) {
        for item in items {
            match item {
                ast::ModuleItem::Stmt(statement) => self.statement(statement),
                ast::ModuleItem::ModuleDecl(declaration) => self.module_declaration(declaration),
            }
        }
    }

    /// The statements of a block. What follows an `if` that leaves the block runs under the opposite condition.
    pub(super) fn statements(&mut self, statements: &[ast::Stmt]) {
        let guard = self.guard;
        for statement in statements {
            self.statement(statement);
        }
        self.guard = guard;
    }

    pub(super) fn statement(&mut self, statement: &ast::Stmt) {
        let _cut_off = self.deeper(|this| this.statement_inside(statement));
    }

    fn statement_inside(&mut self, statement: &ast::Stmt) {
        match statement {
            ast::Stmt::Block(block) => self.in_scope(|this| this.statements(&block.stmts)),
            ast::Stmt::Expr(statement) => {
                self.expression(&statement.expr);
            }
            ast::Stmt::Return(statement) => {
                let value = match &statement.arg {
                    Some(value) => self.expression(value),
                    None => return,
                };
                self.returns(value);
            }
            ast::Stmt::If(statement) => self.if_statement(statement),
            ast::Stmt::Switch(statement) => self.switch(statement),
            ast::Stmt::Try(statement) => {
                // Nothing tells how far the block gets, so what it sets may or may not be set afterwards.
                self.under(Test::Perhaps, |this| {
                    this.in_scope(|this| this.statements(&statement.block.stmts));
                });
                if let Some(handler) = &statement.handler {
                    self.under(Test::Perhaps, |this| this.catch(handler));
                }
                if let Some(last) = &statement.finalizer {
                    self.in_scope(|this| this.statements(&last.stmts));
                }
            }
            ast::Stmt::While(statement) => {
                self.expression(&statement.test);
                self.repeated(&statement.body);
            }
            ast::Stmt::DoWhile(statement) => {
                self.repeated(&statement.body);
                self.expression(&statement.test);
            }
            ast::Stmt::For(statement) => self.in_scope(|this| {
                match &statement.init {
                    Some(ast::VarDeclOrExpr::VarDecl(declaration)) => this.variables(declaration),
                    Some(ast::VarDeclOrExpr::Expr(value)) => {
                        this.expression(value);
                    }
                    None => {}
                }
                this.repeated(&statement.body);
            }),
            ast::Stmt::ForOf(statement) => {
                let list = self.expression(&statement.right);
                self.each(&statement.left, list, &statement.body);
            }
            ast::Stmt::ForIn(statement) => {
                let key = self.opaque(statement.span);
                self.each(&statement.left, key, &statement.body);
            }
            ast::Stmt::Labeled(statement) => self.statement(&statement.body),
            ast::Stmt::With(statement) => self.statement(&statement.body),
            ast::Stmt::Throw(statement) => {
                self.expression(&statement.arg);
            }
            ast::Stmt::Decl(declaration) => self.declaration(declaration),
            ast::Stmt::Empty(_) | ast::Stmt::Debugger(_) | ast::Stmt::Break(_) | ast::Stmt::Continue(_) => {}
        }
    }

    fn catch(&mut self, handler: &ast::CatchClause) {
        self.in_scope(|this| {
            if let Some(error) = &handler.param {
                let unknown = this.opaque(error.span());
                this.bind(error, Some(unknown), Binds::In(this.scope));
            }
            this.statements(&handler.body.stmts);
        });
    }

    fn repeated(&mut self, body: &ast::Stmt) {
        self.under(Test::Loop, |this| this.statement(body));
    }

    fn each(&mut self, head: &ast::ForHead, list: ExprId, body: &ast::Stmt) {
        self.in_scope(|this| {
            let place = this.module[list].range;
            let unknown = this.add(ExprKind::Opaque, place);
            match head {
                ast::ForHead::VarDecl(declaration) => {
                    for declarator in &declaration.decls {
                        this.bind(&declarator.name, Some(unknown), Binds::In(this.scope));
                    }
                }
                ast::ForHead::Pat(pattern) => this.bind(pattern, Some(unknown), Binds::Existing),
                ast::ForHead::UsingDecl(_) => {}
            }
            this.repeated(body);
        });
    }

    fn if_statement(&mut self, statement: &ast::IfStmt) {
        let test = self.expression(&statement.test);
        let (holds, fails) = self.outcomes(test);
        self.under(holds, |this| this.statement(&statement.cons));
        if let Some(other) = &statement.alt {
            self.under(fails, |this| this.statement(other));
        }
        let other_leaves = statement.alt.as_deref().is_some_and(leaves);
        match (leaves(&statement.cons), other_leaves) {
            (true, false) => self.assume(fails),
            (false, true) => self.assume(holds),
            _ => {}
        }
    }

    fn switch(&mut self, statement: &ast::SwitchStmt) {
        let subject = self.expression(&statement.discriminant);
        let tests: Vec<Option<ExprId>> = statement
            .cases
            .iter()
            .map(|case| {
                let value = case.test.as_deref()?;
                let value = self.expression(value);
                let place = self.module[value].range;
                Some(self.add(ExprKind::Compare(Comparison::Equal, subject, value), place))
            })
            .collect();
        self.in_scope(|this| {
            // The condition that the cases since the last `break` share. `None`: a default is among them.
            let mut entered: Option<Option<ExprId>> = None;
            for (case, &test) in statement.cases.iter().zip(&tests) {
                let condition = match (entered, test) {
                    (None, test) => test,
                    (Some(Some(before)), Some(test)) => {
                        let place = this.module[test].range;
                        Some(this.add(ExprKind::Logical(Logic::Or, before, test), place))
                    }
                    _ => None,
                };
                let outer = this.guard;
                match condition {
                    Some(condition) => {
                        let (holds, _) = this.outcomes(condition);
                        this.assume(holds);
                    }
                    None if entered.is_none() => {
                        for &other in tests.iter().flatten() {
                            let (_, fails) = this.outcomes(other);
                            this.assume(fails);
                        }
                    }
                    None => this.assume(Test::Perhaps),
                }
                for statement in &case.cons {
                    this.statement(statement);
                }
                this.guard = outer;
                entered = if case.cons.last().is_some_and(leaves) { None } else { Some(condition) };
            }
        });
    }

    pub(super) fn declaration(&mut self, declaration: &ast::Decl) {
        match declaration {
            ast::Decl::Var(declaration) => self.variables(declaration),
            ast::Decl::Fn(function) => {
                let id = self.function(&function.function, None);
                let value = self.add(ExprKind::Function(id), range(function.function.span));
                self.hoisted(&function.ident, value);
            }
            ast::Decl::Class(class) => {
                let id = self.class(&class.class);
                let value = self.add(ExprKind::Class(id), range(class.class.span));
                self.hoisted(&class.ident, value);
            }
            ast::Decl::TsEnum(declaration) => {
                let value = self.enumeration(declaration);
                self.hoisted(&declaration.id, value);
            }
            ast::Decl::Using(declaration) => {
                for declarator in &declaration.decls {
                    let value = declarator.init.as_ref().map(|value| self.expression(value));
                    self.bind(&declarator.name, value, Binds::In(self.scope));
                }
            }
            ast::Decl::TsModule(namespace) => {
                if let Some(ast::TsNamespaceBody::TsModuleBlock(block)) = &namespace.body {
                    self.in_scope(|this| this.items(&block.body));
                }
            }
            ast::Decl::TsInterface(_) | ast::Decl::TsTypeAlias(_) => {}
        }
    }

    /// A declaration that is in force before the text reaches it.
    pub(super) fn hoisted(&mut self, name: &ast::Ident, value: ExprId) {
        self.declare(&name.sym, self.scope, Some(value), 0);
    }

    fn variables(&mut self, declaration: &ast::VarDecl) {
        // What is only declared to exist comes from elsewhere: the page, or a constant that the build puts in.
        if declaration.declare {
            return;
        }
        let scope = match declaration.kind {
            ast::VarDeclKind::Var => self.function_scope(),
            _ => self.scope,
        };
        for declarator in &declaration.decls {
            let value = declarator.init.as_ref().map(|value| self.expression(value));
            self.bind(&declarator.name, value, Binds::In(scope));
        }
    }

    fn enumeration(&mut self, declaration: &ast::TsEnumDecl) -> ExprId {
        let mut next = Some(0.0);
        let mut members = Vec::new();
        for member in &declaration.members {
            let name: Arc<str> = match &member.id {
                ast::TsEnumMemberId::Ident(name) => (&*name.sym).into(),
                ast::TsEnumMemberId::Str(name) => text_of(name),
            };
            if let Some(value) = &member.init {
                next = match &**value {
                    ast::Expr::Lit(ast::Lit::Num(number)) => Some(number.value + 1.0),
                    _ => None,
                };
                members.push(Property::Value(name, self.expression(value)));
            } else if let Some(number) = next {
                let value = self.add(ExprKind::Number(number.to_string().into()), range(member.span));
                members.push(Property::Value(name, value));
                next = Some(number + 1.0);
            }
        }
        self.add(ExprKind::Object(members), range(declaration.span))
    }

    /// Records `module.exports = …`, `module.exports.x = …` and `exports.x = …`. Whether it was one.
    pub(super) fn assign_export(&mut self, base: ExprId, name: &str, value: ExprId) -> bool {
        let is_exports = |this: &Self, id: ExprId| match &this.module[id].kind {
            ExprKind::Name(used) => &*used.name == "exports",
            ExprKind::Member(base, name) => {
                &**name == "exports" && this.module.last_name(*base) == Some("module")
            }
            _ => false,
        };
        if is_exports(self, base) {
            self.module.exports.insert(name.into(), Export::Local(value));
        } else if name == "exports" && self.module.last_name(base) == Some("module") {
            self.module.whole_export = Some(value);
        } else {
            return false;
        }
        true
    }
}

/// Whether control never passes the end of a statement.
fn leaves(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::Return(_) | ast::Stmt::Throw(_) | ast::Stmt::Break(_) | ast::Stmt::Continue(_) => true,
        ast::Stmt::Block(block) => block.stmts.last().is_some_and(leaves),
        ast::Stmt::If(choice) => leaves(&choice.cons) && choice.alt.as_deref().is_some_and(leaves),
        _ => false,
    }
}
