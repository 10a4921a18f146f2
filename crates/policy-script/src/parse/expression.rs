//! Expressions: those that a value can be followed through are kept; the others are opaque, but walked for what they hold.

use std::sync::Arc;

use swc_common::Spanned as _;
use swc_ecma_ast as ast;

use super::convert::{Converter, range, text_of};
use super::syntax::{Comparison, ExprId, ExprKind, Function, FunctionId, Imported, Joining, Logic, Owner};

impl Converter<'_> {
    pub(super) fn expression(&mut self, expression: &ast::Expr) -> ExprId {
        let converted = self.deeper(|this| this.expression_inside(expression));
        converted.unwrap_or_else(|| self.opaque(expression.span()))
    }

    fn expression_inside(&mut self, expression: &ast::Expr) -> ExprId {
        let place = range(expression.span());
        let kind = match expression {
            ast::Expr::Paren(inner) => return self.expression(&inner.expr),
            ast::Expr::TsAs(inner) => return self.expression(&inner.expr),
            ast::Expr::TsSatisfies(inner) => return self.expression(&inner.expr),
            ast::Expr::TsNonNull(inner) => return self.expression(&inner.expr),
            ast::Expr::TsConstAssertion(inner) => return self.expression(&inner.expr),
            ast::Expr::TsTypeAssertion(inner) => return self.expression(&inner.expr),
            ast::Expr::TsInstantiation(inner) => return self.expression(&inner.expr),
            ast::Expr::Await(inner) => return self.expression(&inner.arg),
            ast::Expr::Lit(literal) => literal_kind(literal),
            ast::Expr::Tpl(template) => self.template(template),
            ast::Expr::Ident(name) => return self.name(&name.sym, name.span),
            ast::Expr::This(_) => ExprKind::This(self.owner),
            ast::Expr::MetaProp(meta) if meta.kind == ast::MetaPropKind::ImportMeta => ExprKind::ImportMeta,
            ast::Expr::Member(member) => self.member(member),
            ast::Expr::OptChain(chain) => match &*chain.base {
                ast::OptChainBase::Member(member) => self.member(member),
                ast::OptChainBase::Call(call) => {
                    let callee = self.expression(&call.callee);
                    return self.call(callee, &call.args, place);
                }
            },
            ast::Expr::Call(call) => return self.call_expression(call, place),
            ast::Expr::New(new) => {
                let callee = self.expression(&new.callee);
                let arguments = self.arguments(new.args.as_deref().unwrap_or_default());
                let made = self.add(ExprKind::New(callee, arguments), place);
                self.candidate(made);
                return made;
            }
            ast::Expr::Object(object) => return self.object(object, place),
            ast::Expr::Array(array) => ExprKind::Array(self.elements(array)),
            ast::Expr::Arrow(arrow) => ExprKind::Function(self.arrow(arrow)),
            ast::Expr::Fn(function) => ExprKind::Function(self.function(&function.function, None)),
            ast::Expr::Class(class) => ExprKind::Class(self.class(&class.class)),
            ast::Expr::Bin(binary) => return self.binary(binary, place),
            ast::Expr::Cond(choice) => {
                let test = self.expression(&choice.test);
                let (holds, fails) = self.outcomes(test);
                let chosen = self.under(holds, |this| this.expression(&choice.cons));
                let other = self.under(fails, |this| this.expression(&choice.alt));
                ExprKind::Conditional(holds, chosen, other)
            }
            ast::Expr::Unary(unary) => {
                let value = self.expression(&unary.arg);
                match unary.op {
                    ast::UnaryOp::Bang => ExprKind::Not(value),
                    ast::UnaryOp::TypeOf => ExprKind::Typeof(value),
                    ast::UnaryOp::Plus => return value,
                    ast::UnaryOp::Minus => match &self.module[value].kind {
                        ExprKind::Number(number) => ExprKind::Number(format!("-{number}").into()),
                        _ => ExprKind::Opaque,
                    },
                    _ => ExprKind::Opaque,
                }
            }
            ast::Expr::Assign(assignment) => return self.assignment(assignment),
            ast::Expr::Seq(sequence) => {
                let values: Vec<ExprId> = sequence.exprs.iter().map(|value| self.expression(value)).collect();
                return values.last().copied().unwrap_or_else(|| self.opaque(sequence.span));
            }
            ast::Expr::JSXElement(element) => {
                self.module.has_jsx = true;
                self.element(element);
                ExprKind::Opaque
            }
            ast::Expr::JSXFragment(fragment) => {
                self.module.has_jsx = true;
                self.children(&fragment.children);
                ExprKind::Opaque
            }
            ast::Expr::Yield(inner) => {
                if let Some(value) = &inner.arg {
                    self.expression(value);
                }
                ExprKind::Opaque
            }
            ast::Expr::TaggedTpl(tagged) => {
                self.template(&tagged.tpl);
                ExprKind::Opaque
            }
            _ => ExprKind::Opaque,
        };
        self.add(kind, place)
    }

    fn template(&mut self, template: &ast::Tpl) -> ExprKind {
        let mut parts = Vec::new();
        let mut values = template.exprs.iter();
        for quasi in &template.quasis {
            let text =
                quasi.cooked.as_ref().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
            if !text.is_empty() {
                parts.push(self.add(ExprKind::String(text.into()), range(quasi.span)));
            }
            if let Some(value) = values.next() {
                parts.push(self.expression(value));
            }
        }
        ExprKind::Concat(parts, Joining::Template)
    }

    fn member(&mut self, member: &ast::MemberExpr) -> ExprKind {
        let base = self.expression(&member.obj);
        match &member.prop {
            ast::MemberProp::Ident(name) => ExprKind::Member(base, (&*name.sym).into()),
            ast::MemberProp::PrivateName(name) => ExprKind::Member(base, private(name)),
            ast::MemberProp::Computed(key) => {
                let key = self.expression(&key.expr);
                match &self.module[key].kind {
                    ExprKind::String(name) | ExprKind::Number(name) => ExprKind::Member(base, name.clone()),
                    _ => ExprKind::Index(base, key),
                }
            }
        }
    }

    /// The member that an assignment changes.
    pub(super) fn member_target(&mut self, member: &ast::MemberExpr) -> Option<(ExprId, Arc<str>)> {
        match self.member(member) {
            ExprKind::Member(base, name) => Some((base, name)),
            _ => None,
        }
    }

    fn call_expression(&mut self, call: &ast::CallExpr, place: (u32, u32)) -> ExprId {
        let callee = match &call.callee {
            ast::Callee::Expr(callee) => callee,
            ast::Callee::Import(_) => {
                return self.required(&call.args).unwrap_or_else(|| self.opaque(call.span));
            }
            ast::Callee::Super(_) => return self.construct_parent(&call.args, place),
        };
        if matches!(&**callee, ast::Expr::Ident(name) if &*name.sym == "require")
            && let Some(required) = self.required(&call.args)
        {
            return required;
        }
        let callee = self.expression(callee);
        self.call(callee, &call.args, place)
    }

    /// `super(…)` constructs what the class extends.
    fn construct_parent(&mut self, arguments: &[ast::ExprOrSpread], place: (u32, u32)) -> ExprId {
        let arguments = self.arguments(arguments);
        let parent = match self.owner {
            Some(Owner::Class(class)) => self.module[class].extends,
            _ => None,
        };
        let Some(parent) = parent else { return self.add(ExprKind::Opaque, place) };
        let made = self.add(ExprKind::New(parent, arguments), place);
        self.candidate(made);
        made
    }

    fn required(&mut self, arguments: &[ast::ExprOrSpread]) -> Option<ExprId> {
        let [only] = arguments else { return None };
        let ast::Expr::Lit(ast::Lit::Str(source)) = &*only.expr else { return None };
        let request = self.request(source);
        Some(self.add(ExprKind::Required(request), range(source.span)))
    }

    fn call(&mut self, callee: ExprId, arguments: &[ast::ExprOrSpread], place: (u32, u32)) -> ExprId {
        let arguments = self.arguments(arguments);
        let id = self.add(ExprKind::Call(callee, arguments), place);
        self.candidate(id);
        id
    }

    fn arguments(&mut self, arguments: &[ast::ExprOrSpread]) -> Vec<ExprId> {
        arguments.iter().map(|argument| self.element_of(argument)).collect()
    }

    fn elements(&mut self, array: &ast::ArrayLit) -> Vec<ExprId> {
        array
            .elems
            .iter()
            .map(|element| match element {
                Some(element) => self.element_of(element),
                None => self.opaque(array.span),
            })
            .collect()
    }

    fn element_of(&mut self, element: &ast::ExprOrSpread) -> ExprId {
        let value = self.expression(&element.expr);
        match element.spread {
            Some(_) => self.opaque(element.expr.span()),
            None => value,
        }
    }

    fn binary(&mut self, binary: &ast::BinExpr, place: (u32, u32)) -> ExprId {
        let comparison = match binary.op {
            ast::BinaryOp::Add => return self.sum(binary, place),
            ast::BinaryOp::LogicalAnd => return self.logical(Logic::And, binary, place),
            ast::BinaryOp::LogicalOr => return self.logical(Logic::Or, binary, place),
            ast::BinaryOp::NullishCoalescing => return self.logical(Logic::Coalesce, binary, place),
            ast::BinaryOp::EqEq | ast::BinaryOp::EqEqEq => Comparison::Equal,
            ast::BinaryOp::NotEq | ast::BinaryOp::NotEqEq => Comparison::NotEqual,
            ast::BinaryOp::Lt => Comparison::Less,
            ast::BinaryOp::LtEq => Comparison::AtMost,
            ast::BinaryOp::Gt => Comparison::Greater,
            ast::BinaryOp::GtEq => Comparison::AtLeast,
            ast::BinaryOp::In => Comparison::In,
            _ => Comparison::Other,
        };
        let (left, right) = (self.expression(&binary.left), self.expression(&binary.right));
        self.add(ExprKind::Compare(comparison, left, right), place)
    }

    /// `a + b + c`, which the parser nests to the left, as one list.
    fn sum(&mut self, binary: &ast::BinExpr, place: (u32, u32)) -> ExprId {
        let mut parts: Vec<&ast::Expr> = vec![&binary.right];
        let mut left = &*binary.left;
        while let ast::Expr::Bin(inner) = left
            && inner.op == ast::BinaryOp::Add
        {
            parts.push(&inner.right);
            left = &inner.left;
        }
        parts.push(left);
        let parts = parts.into_iter().rev().map(|part| self.expression(part)).collect();
        self.add(ExprKind::Concat(parts, Joining::Plus), place)
    }

    fn logical(&mut self, logic: Logic, binary: &ast::BinExpr, place: (u32, u32)) -> ExprId {
        let left = self.expression(&binary.left);
        let (holds, fails) = self.outcomes(left);
        let reached = if logic == Logic::And { holds } else { fails };
        let right = self.under(reached, |this| this.expression(&binary.right));
        self.add(ExprKind::Logical(logic, left, right), place)
    }

    fn arrow(&mut self, arrow: &ast::ArrowExpr) -> FunctionId {
        self.function_like(self.owner, range(arrow.span), |this, id| {
            for (index, pattern) in arrow.params.iter().enumerate() {
                this.parameter(id, index, pattern);
            }
            match &*arrow.body {
                ast::ArrowFunctionBody::FunctionBody(body) => this.statements(&body.stmts),
                ast::ArrowFunctionBody::Expr(value) => {
                    let value = this.expression(value);
                    this.returns(value);
                }
            }
        })
    }

    pub(super) fn function(&mut self, function: &ast::Function, owner: Option<Owner>) -> FunctionId {
        self.function_like(owner, range(function.span), |this, id| {
            for (index, parameter) in function.params.iter().enumerate() {
                this.parameter(id, index, &parameter.pat);
            }
            if let Some(body) = &function.body {
                this.statements(&body.stmts);
            }
        })
    }

    /// A function whose body `work` converts, in its own scope.
    pub(super) fn function_like(
        &mut self,
        owner: Option<Owner>,
        range: (u32, u32),
        work: impl FnOnce(&mut Self, FunctionId),
    ) -> FunctionId {
        let id = FunctionId::add(&mut self.module, Function { range, ..Function::default() });
        let (outer, outer_owner) = (self.function.replace(id), std::mem::replace(&mut self.owner, owner));
        let guard = self.guard;
        self.in_scope(|this| work(this, id));
        (self.function, self.owner, self.guard) = (outer, outer_owner, guard);
        id
    }

    /// Records what the function around returns here.
    pub(super) fn returns(&mut self, value: ExprId) {
        if let Some(function) = self.function {
            let guard = self.guard;
            self.module[function].returns.push((value, guard));
        }
    }

    pub(super) fn import_kind(name: &ast::ModuleExportName) -> Imported {
        Imported::Name(export_name(name))
    }
}

pub(super) fn export_name(name: &ast::ModuleExportName) -> Arc<str> {
    match name {
        ast::ModuleExportName::Ident(name) => (&*name.sym).into(),
        ast::ModuleExportName::Str(name) => text_of(name),
    }
}

/// Private names live beside public ones, told apart by their mark.
pub(super) fn private(name: &ast::PrivateName) -> Arc<str> {
    format!("#{}", name.name).into()
}

fn literal_kind(literal: &ast::Lit) -> ExprKind {
    match literal {
        ast::Lit::Str(text) => ExprKind::String(text_of(text)),
        ast::Lit::Num(number) => ExprKind::Number(number.value.to_string().into()),
        ast::Lit::Bool(value) => ExprKind::Bool(value.value),
        ast::Lit::Null(_) => ExprKind::Null,
        ast::Lit::Regex(regex) => ExprKind::Regex((&*regex.exp).into()),
        _ => ExprKind::Opaque,
    }
}
