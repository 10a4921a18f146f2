//! Object literals: their properties, and what `this` is in their methods.

use std::sync::Arc;

use swc_common::Spanned as _;
use swc_ecma_ast as ast;

use super::convert::{Converter, range, text_of};
use super::syntax::{ExprId, ExprKind, Owner, Property};

impl Converter<'_> {
    pub(super) fn object(&mut self, object: &ast::ObjectLit, place: (u32, u32)) -> ExprId {
        // Methods need the object's own id for their `this`.
        let id = self.add(ExprKind::Opaque, place);
        let outer = self.owner;
        let mut properties = Vec::new();
        for property in &object.props {
            match property {
                ast::PropOrSpread::Spread(spread) => {
                    properties.push(Property::Spread(self.expression(&spread.expr)));
                }
                ast::PropOrSpread::Prop(property) => {
                    properties.extend(self.property(property, id, outer));
                }
            }
        }
        self.owner = outer;
        self.module[id].kind = ExprKind::Object(properties);
        id
    }

    fn property(&mut self, property: &ast::Prop, object: ExprId, outer: Option<Owner>) -> Option<Property> {
        Some(match property {
            ast::Prop::Shorthand(name) => {
                Property::Value((&*name.sym).into(), self.name(&name.sym, name.span))
            }
            ast::Prop::KeyValue(pair) => {
                let key = self.key_name(&pair.key);
                // A component's methods see the component, not the object that lists them.
                let lists_methods =
                    matches!(key.as_deref(), Some("methods" | "computed" | "watch" | "actions" | "getters"));
                self.owner = if lists_methods { Some(Owner::Object(object)) } else { outer };
                let value = match &*pair.value {
                    ast::Expr::Object(list) if lists_methods => self.method_list(list),
                    ast::Expr::Fn(function) => {
                        let function = self.function(&function.function, Some(outer_or(outer, object)));
                        self.add(ExprKind::Function(function), range(pair.value.span()))
                    }
                    value => self.expression(value),
                };
                self.owner = outer;
                Property::Value(key?, value)
            }
            ast::Prop::Getter(getter) => {
                let body = getter.function.clone();
                let function = self.function(&body, Some(Owner::Object(object)));
                Property::Getter(self.key_name(&getter.key)?, function)
            }
            ast::Prop::Setter(setter) => {
                self.function(&setter.function, Some(Owner::Object(object)));
                return None;
            }
            ast::Prop::Method(method) => {
                let function = self.function(&method.function, Some(outer_or(outer, object)));
                let value = self.add(ExprKind::Function(function), range(method.function.span));
                Property::Value(self.key_name(&method.key)?, value)
            }
            ast::Prop::Assign(assign) => {
                self.expression(&assign.value);
                return None;
            }
        })
    }

    fn method_list(&mut self, list: &ast::ObjectLit) -> ExprId {
        let owner = self.owner;
        let id = self.object_with_owner(list, owner);
        self.owner = owner;
        id
    }

    fn object_with_owner(&mut self, list: &ast::ObjectLit, owner: Option<Owner>) -> ExprId {
        let id = self.add(ExprKind::Opaque, range(list.span));
        let mut properties = Vec::new();
        for property in &list.props {
            if let ast::PropOrSpread::Prop(property) = property {
                properties.extend(self.property(property, id, owner));
                self.owner = owner;
            }
        }
        self.module[id].kind = ExprKind::Object(properties);
        id
    }

    pub(super) fn key_name(&mut self, key: &ast::PropName) -> Option<Arc<str>> {
        match key {
            ast::PropName::Ident(name) => Some((&*name.sym).into()),
            ast::PropName::Str(text) => Some(text_of(text)),
            ast::PropName::Num(number) => Some(number.value.to_string().into()),
            ast::PropName::Computed(key) => {
                let key = self.expression(&key.expr);
                match &self.module[key].kind {
                    ExprKind::String(name) => Some(name.clone()),
                    _ => None,
                }
            }
            ast::PropName::BigInt(_) => None,
        }
    }
}

/// A component's own functions see the component through `this`.
fn outer_or(outer: Option<Owner>, object: ExprId) -> Owner {
    match outer {
        Some(owner @ Owner::Object(_)) => owner,
        _ => Owner::Object(object),
    }
}
