//! JSX: what is written in its braces.

use swc_ecma_ast as ast;

use super::convert::Converter;

impl Converter<'_> {
    pub(super) fn element(&mut self, element: &ast::JSXElement) {
        for attribute in &element.opening.attrs {
            match attribute {
                ast::JSXAttrOrSpread::JSXAttr(attribute) => match &attribute.value {
                    Some(ast::JSXAttrValue::JSXExprContainer(container)) => self.container(container),
                    Some(ast::JSXAttrValue::JSXElement(element)) => self.nested(element),
                    _ => {}
                },
                ast::JSXAttrOrSpread::SpreadElement(spread) => {
                    self.expression(&spread.expr);
                }
            }
        }
        self.children(&element.children);
    }

    fn nested(&mut self, element: &ast::JSXElement) {
        let _cut_off = self.deeper(|this| this.element(element));
    }

    fn container(&mut self, container: &ast::JSXExprContainer) {
        if let ast::JSXExpr::Expr(value) = &container.expr {
            self.expression(value);
        }
    }

    pub(super) fn children(&mut self, children: &[ast::JSXElementChild]) {
        for child in children {
            match child {
                ast::JSXElementChild::JSXExprContainer(container) => self.container(container),
                ast::JSXElementChild::JSXElement(element) => self.nested(element),
                ast::JSXElementChild::JSXFragment(fragment) => {
                    let _cut_off = self.deeper(|this| this.children(&fragment.children));
                }
                _ => {}
            }
        }
    }
}
