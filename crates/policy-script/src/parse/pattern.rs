//! Names bound by declarations, parameters and assignments, also through destructuring.

use std::sync::Arc;

use swc_common::Spanned as _;
use swc_ecma_ast as ast;

use super::convert::{Converter, range};
use super::syntax::{Assigned, ExprId, ExprKind, FunctionId, NameUse, Owner, Parameter, ScopeId};
use crate::{openers, requesters};

/// What happens to the names of a pattern.
#[derive(Clone, Copy)]
pub(super) enum Binds {
    /// They are declared in the scope.
    In(ScopeId),
    /// They exist and are assigned.
    Existing,
}

impl Converter<'_> {
    /// Gives `value` to the names of `pattern`. No value: they are declared and not yet set.
    pub(super) fn bind(&mut self, pattern: &ast::Pat, value: Option<ExprId>, binds: Binds) {
        let _cut_off = self.deeper(|this| this.bind_inside(pattern, value, binds));
    }

    fn bind_inside(&mut self, pattern: &ast::Pat, value: Option<ExprId>, binds: Binds) {
        match pattern {
            ast::Pat::Ident(name) => self.bind_name(&name.id, value, binds),
            ast::Pat::Assign(pattern) => {
                let value = self.defaulted(value, &pattern.right);
                self.bind(&pattern.left, Some(value), binds);
            }
            ast::Pat::Object(object) => self.bind_object(object, value, binds),
            ast::Pat::Array(array) => self.bind_array(array, value, binds),
            ast::Pat::Rest(rest) => {
                let unknown = self.opaque(rest.span);
                self.bind(&rest.arg, Some(unknown), binds);
            }
            ast::Pat::Expr(target) => {
                if let (ast::Expr::Member(member), Some(value)) = (&**target, value) {
                    self.assign_member(member, value);
                }
            }
            ast::Pat::Invalid(_) => {}
        }
    }

    fn bind_name(&mut self, name: &ast::Ident, value: Option<ExprId>, binds: Binds) {
        // The place of a definition is its end: a name does not reach its own initialiser.
        let at = value.map_or(range(name.span).1, |value| self.module[value].range.1.max(range(name.span).1));
        match (binds, value) {
            (Binds::In(scope), value) => {
                self.declare(&name.sym, scope, value, at);
            }
            (Binds::Existing, Some(value)) => self.assign(&name.sym, value, at),
            (Binds::Existing, None) => {}
        }
    }

    pub(super) fn bind_object(&mut self, object: &ast::ObjectPat, value: Option<ExprId>, binds: Binds) {
        for property in &object.props {
            match property {
                ast::ObjectPatProp::KeyValue(pair) => {
                    let key = self.key_name(&pair.key);
                    let part = self.part(value, key, range(pair.value.span()));
                    self.bind(&pair.value, Some(part), binds);
                }
                ast::ObjectPatProp::Assign(pair) => {
                    let mut part =
                        self.part(value, Some((&*pair.key.id.sym).into()), range(pair.key.id.span));
                    if let Some(default) = &pair.value {
                        part = self.defaulted(Some(part), default);
                    }
                    self.bind_name(&pair.key.id, Some(part), binds);
                }
                ast::ObjectPatProp::Rest(rest) => self.bind(&rest.arg, value, binds),
            }
        }
    }

    pub(super) fn bind_array(&mut self, array: &ast::ArrayPat, value: Option<ExprId>, binds: Binds) {
        for (index, element) in array.elems.iter().enumerate() {
            if let Some(element) = element {
                let part = self.part(value, Some(index.to_string().into()), range(element.span()));
                self.bind(element, Some(part), binds);
            }
        }
    }

    fn part(&mut self, whole: Option<ExprId>, key: Option<Arc<str>>, place: (u32, u32)) -> ExprId {
        let kind = match (whole, key) {
            (Some(whole), Some(key)) => ExprKind::Member(whole, key),
            _ => ExprKind::Opaque,
        };
        self.add(kind, place)
    }

    fn defaulted(&mut self, value: Option<ExprId>, default: &ast::Expr) -> ExprId {
        let default = self.expression(default);
        match value {
            Some(value) => {
                let place = self.module[default].range;
                self.add(ExprKind::Defaulted(value, default), place)
            }
            None => default,
        }
    }

    /// Declares the names of a parameter.
    pub(super) fn parameter(&mut self, function: FunctionId, index: usize, pattern: &ast::Pat) {
        let named = match pattern {
            ast::Pat::Assign(pattern) => &*pattern.left,
            pattern => pattern,
        };
        let (name, declared) = match named {
            ast::Pat::Ident(name) => ((&*name.id.sym).into(), self.declared_type(name.type_ann.as_deref())),
            _ => (Arc::default(), None),
        };
        self.module[function].parameters.push(Parameter { name, declared });
        let kind = match pattern {
            ast::Pat::Rest(_) => ExprKind::Opaque,
            _ => ExprKind::Parameter(function, index),
        };
        let value = self.add(kind, range(pattern.span()));
        self.bind(pattern, Some(value), Binds::In(self.scope));
    }

    fn declared_type(&self, annotation: Option<&ast::TsTypeAnn>) -> Option<NameUse> {
        let ast::TsType::TsTypeRef(reference) = &*annotation?.type_ann else { return None };
        let ast::TsEntityName::Ident(name) = &reference.type_name else { return None };
        Some(NameUse { name: (&*name.sym).into(), scope: self.scope, guard: None, at: u32::MAX })
    }

    pub(super) fn assignment(&mut self, assignment: &ast::AssignExpr) -> ExprId {
        let value = self.expression(&assignment.right);
        let value = match assignment.op {
            ast::AssignOp::Assign | ast::AssignOp::NullishAssign | ast::AssignOp::OrAssign => value,
            ast::AssignOp::AddAssign => match self.target_value(&assignment.left) {
                Some(before) => {
                    let sum = ExprKind::Concat(vec![before, value], super::syntax::Joining::Plus);
                    self.add(sum, range(assignment.span))
                }
                None => self.opaque(assignment.span),
            },
            _ => self.opaque(assignment.span),
        };
        let keeps_old = matches!(assignment.op, ast::AssignOp::NullishAssign | ast::AssignOp::OrAssign);
        if keeps_old {
            self.under(super::syntax::Test::Perhaps, |this| this.assign_target(&assignment.left, value));
        } else {
            self.assign_target(&assignment.left, value);
        }
        value
    }

    /// The value of a simple target before it is assigned.
    fn target_value(&mut self, target: &ast::AssignTarget) -> Option<ExprId> {
        match target {
            ast::AssignTarget::Simple(ast::SimpleAssignTarget::Ident(name)) => {
                Some(self.name(&name.id.sym, name.id.span))
            }
            _ => None,
        }
    }

    fn assign_target(&mut self, target: &ast::AssignTarget, value: ExprId) {
        match target {
            ast::AssignTarget::Simple(ast::SimpleAssignTarget::Ident(name)) => {
                self.bind_name(&name.id, Some(value), Binds::Existing);
            }
            ast::AssignTarget::Simple(ast::SimpleAssignTarget::Member(member)) => {
                self.assign_member(member, value);
            }
            ast::AssignTarget::Pat(ast::AssignTargetPat::Object(object)) => {
                self.bind_object(object, Some(value), Binds::Existing);
            }
            ast::AssignTarget::Pat(ast::AssignTargetPat::Array(array)) => {
                self.bind_array(array, Some(value), Binds::Existing);
            }
            _ => {}
        }
    }

    fn assign_member(&mut self, member: &ast::MemberExpr, value: ExprId) {
        let at = self.module[value].range.1;
        let Some((base, name)) = self.member_target(member) else { return };
        if self.assign_export(base, &name, value) {
            return;
        }
        if openers::is_property(&name) || requesters::is_base(&name) {
            let place = range(member.span);
            let callee = self.add(ExprKind::Member(base, name.clone()), place);
            let call = self.add(ExprKind::Call(callee, vec![value]), place);
            self.candidate(call);
        }
        let definition = self.definition(value, at);
        self.module.assigned.push(Assigned { base, name: name.clone(), definition });
        match self.module[base].kind.clone() {
            ExprKind::Name(used) => self.write(&used, name, value, at),
            ExprKind::This(Some(Owner::Class(class))) => {
                let definition = self.definition(value, at);
                self.module[class].fields.entry(name).or_default().push(definition);
            }
            _ => {}
        }
    }
}
