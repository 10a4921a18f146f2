//! Classes: fields, accessors, methods and what is assigned through `this`.

use std::sync::Arc;

use swc_ecma_ast as ast;

use super::convert::{Converter, range};
use super::expression::private;
use super::syntax::{Class, ClassId, ExprId, ExprKind, FunctionId, Owner};

impl Converter<'_> {
    pub(super) fn class(&mut self, class: &ast::Class) -> ClassId {
        let decorators = class.decorators.iter().map(|decorator| self.expression(&decorator.expr)).collect();
        let extends = class.super_class.as_ref().map(|parent| self.expression(parent));
        let function = self.function;
        let id = ClassId::add(&mut self.module, Class { function, extends, decorators, ..Class::default() });
        let outer = self.owner.replace(Owner::Class(id));
        for member in &class.body {
            let _cut_off = self.deeper(|this| this.class_member(id, member));
        }
        self.owner = outer;
        id
    }

    fn class_member(&mut self, class: ClassId, member: &ast::ClassMember) {
        match member {
            ast::ClassMember::Constructor(constructor) => {
                let function =
                    self.function_like(Some(Owner::Class(class)), range(constructor.span), |this, id| {
                        for (index, parameter) in constructor.params.iter().enumerate() {
                            match parameter {
                                ast::ParamOrTsParamProp::Param(parameter) => {
                                    this.parameter(id, index, &parameter.pat);
                                }
                                ast::ParamOrTsParamProp::TsParamProp(parameter) => {
                                    this.parameter_field(class, id, index, &parameter.param);
                                }
                            }
                        }
                        if let Some(body) = &constructor.body {
                            this.statements(&body.stmts);
                        }
                    });
                self.module[class].constructor = Some(function);
            }
            ast::ClassMember::Method(method) => {
                let name = self.key_name(&method.key);
                self.method(class, name, method.kind, method.is_static, &method.function);
            }
            ast::ClassMember::PrivateMethod(method) => {
                let name = Some(private(&method.key));
                self.method(class, name, method.kind, method.is_static, &method.function);
            }
            ast::ClassMember::ClassProp(field) => {
                let name = self.key_name(&field.key);
                self.field(class, name, field.value.as_deref(), field.is_static);
            }
            ast::ClassMember::PrivateProp(field) => {
                let name = Some(private(&field.key));
                self.field(class, name, field.value.as_deref(), field.is_static);
            }
            ast::ClassMember::AutoAccessor(field) => {
                let name = match &field.key {
                    ast::Key::Private(name) => Some(private(name)),
                    ast::Key::Public(name) => self.key_name(name),
                };
                self.field(class, name, field.value.as_deref(), field.is_static);
            }
            ast::ClassMember::StaticBlock(block) => self.in_scope(|this| this.statements(&block.body.stmts)),
            ast::ClassMember::TsIndexSignature(_) | ast::ClassMember::Empty(_) => {}
        }
    }

    /// `constructor(private url = "…")` declares a parameter and a field at once.
    fn parameter_field(
        &mut self,
        class: ClassId,
        constructor: FunctionId,
        index: usize,
        parameter: &ast::TsParamPropParam,
    ) {
        let pattern = match parameter {
            ast::TsParamPropParam::Ident(name) => ast::Pat::Ident(name.clone()),
            ast::TsParamPropParam::Assign(pattern) => ast::Pat::Assign(pattern.clone()),
        };
        self.parameter(constructor, index, &pattern);
        let named = match parameter {
            ast::TsParamPropParam::Ident(name) => Some(name),
            ast::TsParamPropParam::Assign(pattern) => pattern.left.as_ident(),
        };
        if let Some(name) = named {
            let value = self.settled_name(&name.id.sym, name.id.span);
            self.define_field(class, (&*name.id.sym).into(), value, false);
        }
    }

    fn method(
        &mut self,
        class: ClassId,
        name: Option<Arc<str>>,
        kind: ast::MethodKind,
        is_static: bool,
        body: &ast::Function,
    ) {
        // An abstract method, and the signature of one that is overloaded.
        if body.body.is_none() {
            return;
        }
        let decorators: Vec<ExprId> =
            body.decorators.iter().map(|decorator| self.expression(&decorator.expr)).collect();
        let function = self.function(body, Some(Owner::Class(class)));
        self.module[class].decorated.extend(decorators.into_iter().map(|decorator| (function, decorator)));
        let Some(name) = name else { return };
        match kind {
            ast::MethodKind::Getter => {
                self.module[class].getters.insert(name, function);
            }
            ast::MethodKind::Method if is_static => {
                let value = self.add(ExprKind::Function(function), range(body.span));
                self.define_field(class, name, value, true);
            }
            ast::MethodKind::Method => {
                self.module[class].methods.insert(name, function);
            }
            ast::MethodKind::Setter => {}
        }
    }

    fn field(&mut self, class: ClassId, name: Option<Arc<str>>, value: Option<&ast::Expr>, is_static: bool) {
        let Some(value) = value else { return };
        let value = self.expression(value);
        if let Some(name) = name {
            self.define_field(class, name, value, is_static);
        }
    }

    fn define_field(&mut self, class: ClassId, name: Arc<str>, value: ExprId, is_static: bool) {
        let definition = self.definition(value, self.module[value].range.1);
        let class = &mut self.module[class];
        let table = if is_static { &mut class.statics } else { &mut class.fields };
        table.entry(name).or_default().push(definition);
    }
}
