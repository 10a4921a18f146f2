//! JSX: a component is called with its attributes, and what is written in braces is code.

use swc_common::Spanned as _;
use swc_ecma_ast as ast;

use super::convert::{Converter, range, text_of};
use super::syntax::{Candidate, ExprId, ExprKind, Property};

impl Converter<'_> {
    pub(super) fn element(&mut self, element: &ast::JSXElement) {
        let component = self.component(&element.opening.name);
        let attributes = element.opening.attrs.iter().filter_map(|attribute| self.attribute(attribute));
        let attributes: Vec<Property> = attributes.collect();
        if let Some(component) = component {
            let place = range(element.opening.span);
            let properties = self.add(ExprKind::Object(attributes), place);
            let call = self.add(ExprKind::Call(component, vec![properties]), place);
            self.module.candidates.push(Candidate { expr: call, guard: self.guard, is_element: true });
        }
        self.children(&element.children);
    }

    /// What an element stands for that is no element of the page: its name begins with a capital or has parts.
    fn component(&mut self, name: &ast::JSXElementName) -> Option<ExprId> {
        match name {
            ast::JSXElementName::Ident(name)
                if name.sym.starts_with(|first: char| first.is_ascii_uppercase()) =>
            {
                Some(self.name(&name.sym, name.span))
            }
            ast::JSXElementName::JSXMemberExpr(member) => match &member.obj {
                ast::JSXObject::Ident(base) => {
                    let base = self.name(&base.sym, base.span);
                    Some(self.add(ExprKind::Member(base, (&*member.prop.sym).into()), range(member.span)))
                }
                ast::JSXObject::JSXMemberExpr(_) => None,
            },
            _ => None,
        }
    }

    fn attribute(&mut self, attribute: &ast::JSXAttrOrSpread) -> Option<Property> {
        let attribute = match attribute {
            ast::JSXAttrOrSpread::JSXAttr(attribute) => attribute,
            ast::JSXAttrOrSpread::SpreadElement(spread) => {
                return Some(Property::Spread(self.expression(&spread.expr)));
            }
        };
        let value = match attribute.value.as_ref()? {
            ast::JSXAttrValue::Str(text) => self.add(ExprKind::String(text_of(text)), range(text.span)),
            ast::JSXAttrValue::JSXExprContainer(container) => self.container(container)?,
            ast::JSXAttrValue::JSXElement(element) => {
                self.nested(element);
                self.opaque(element.span())
            }
            ast::JSXAttrValue::JSXFragment(fragment) => {
                let _cut_off = self.deeper(|this| this.children(&fragment.children));
                self.opaque(fragment.span())
            }
        };
        match &attribute.name {
            ast::JSXAttrName::Ident(name) => Some(Property::Value((&*name.sym).into(), value)),
            ast::JSXAttrName::JSXNamespacedName(_) => None,
        }
    }

    fn nested(&mut self, element: &ast::JSXElement) {
        let _cut_off = self.deeper(|this| this.element(element));
    }

    fn container(&mut self, container: &ast::JSXExprContainer) -> Option<ExprId> {
        match &container.expr {
            ast::JSXExpr::Expr(value) => Some(self.expression(value)),
            ast::JSXExpr::JSXEmptyExpr(_) => None,
        }
    }

    pub(super) fn children(&mut self, children: &[ast::JSXElementChild]) {
        for child in children {
            match child {
                ast::JSXElementChild::JSXExprContainer(container) => {
                    self.container(container);
                }
                ast::JSXElementChild::JSXElement(element) => self.nested(element),
                ast::JSXElementChild::JSXFragment(fragment) => {
                    let _cut_off = self.deeper(|this| this.children(&fragment.children));
                }
                _ => {}
            }
        }
    }
}
