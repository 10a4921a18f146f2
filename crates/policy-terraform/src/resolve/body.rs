//! Bodies of blocks: arguments evaluated, `dynamic` blocks expanded.

use policy_text::source::Span;

use super::evaluation::{Evaluation, weight};
use super::expression::elements;
use super::instance::key_suffix;
use super::limits::{Limit, MAX_INSTANCES, STEPS_PER_KEPT, STEPS_PER_NESTED_BLOCK};
use super::scope::{Binding, Scope};
use super::value::Value;
use super::world::{Argument, Block, NestedBlock};
use crate::parse::syntax::{self, Body};

/// Arguments that say how often a block is made and by whom, not what it is.
const META: [&str; 4] = ["count", "for_each", "provider", "providers"];

impl<'p> Evaluation<'p> {
    /// The body of a resource or of a call, without the arguments that make instances of it.
    pub(super) fn top_body(&self, body: &Body, at: Span, scope: Scope<'_, 'p>) -> Block {
        let mut block = self.body(body, at, scope);
        block.arguments.retain(|argument| !META.contains(&&*argument.name));
        block
    }

    fn body(&self, body: &Body, at: Span, scope: Scope<'_, 'p>) -> Block {
        let mut block =
            Block { at, arguments: Vec::new(), blocks: Vec::new(), more: Vec::new(), none_made: Vec::new() };
        for attribute in &body.attributes {
            let value = match &*attribute.name {
                // These name things instead of having values.
                "provider" | "providers" | "depends_on" | "ignore_changes" => names(attribute),
                // A machine runs what was encoded, and its lines keep their places only in that.
                "user_data" | "user_data_base64" | "custom_data" => self.decoded(&attribute.value, scope),
                _ => self.expression(&attribute.value, scope),
            };
            // What is kept costs, not only what is worked out.
            if self.spend(STEPS_PER_KEPT * weight(&value), attribute.value.at).is_err() {
                return block;
            }
            let is_literal = attribute.value.as_literal().is_some();
            block.arguments.push(Argument { name: attribute.name.clone(), value, is_literal });
        }
        for nested in &body.blocks {
            if &*nested.kind == "dynamic" {
                self.dynamic(nested, scope, &mut block);
            } else if self.spend(STEPS_PER_NESTED_BLOCK, nested.at).is_ok() {
                let body = self.body(nested.body(), nested.at, scope);
                block.blocks.push(NestedBlock { kind: nested.kind.clone(), body });
            }
        }
        block
    }

    /// The value that an expression encodes in Base64; the value of the expression where it encodes none.
    fn decoded(&self, expression: &syntax::Expr, scope: Scope<'_, 'p>) -> Value {
        if let syntax::ExprKind::Call(call) = &expression.kind {
            match (&*call.name, call.arguments.as_slice()) {
                ("base64encode" | "base64gzip", [plain]) => return self.expression(plain, scope),
                ("filebase64", [path]) => return self.file(&self.expression(path, scope), expression.at),
                _ => {}
            }
        }
        self.expression(expression, scope)
    }

    fn dynamic(&self, dynamic: &syntax::Block, scope: Scope<'_, 'p>, block: &mut Block) {
        let Some(kind) = dynamic.labels.first() else { return };
        let (Some(for_each), Some(content)) =
            (dynamic.body().attribute("for_each"), dynamic.body().blocks_of("content").next())
        else {
            return;
        };
        let iterator = match dynamic.body().attribute("iterator").map(|iterator| &iterator.value.kind) {
            Some(syntax::ExprKind::Variable(name) | syntax::ExprKind::String(name)) => name,
            _ => kind,
        };
        let make = |key: &Value, value: &Value| {
            let entries = [("key".into(), key.clone()), ("value".into(), value.clone())];
            let value = Value::object(entries.into(), value.at());
            let binding = Binding { name: iterator, value: &value, outer: scope.bound };
            self.body(content.body(), content.at, scope.with(&binding))
        };
        let collection = self.expression(&for_each.value, scope);
        let (entries, mut unseen) = match elements(&collection, for_each.value.at) {
            Ok(elements) => (elements.entries, elements.more.is_some()),
            Err(_) => (Vec::new(), true),
        };
        if entries.len() > MAX_INSTANCES {
            self.cut_off.note(Limit::Instances, for_each.value.at);
            unseen = true;
        }
        if entries.is_empty() && !unseen {
            block.none_made.push(kind.clone());
        }
        for (key, value) in entries.iter().take(MAX_INSTANCES) {
            if self.spend(STEPS_PER_NESTED_BLOCK, content.at).is_err() {
                return;
            }
            block.blocks.push(NestedBlock { kind: kind.clone(), body: make(key, value) });
        }
        if unseen {
            block.more.push(kind.clone());
        }
    }
}

/// Names as strings: `ignore_changes = [task_definition]`, `depends_on = [aws_lb.main]`, `all`.
fn names(attribute: &syntax::Attribute) -> Value {
    let name = |expression: &syntax::Expr| match written_name(expression) {
        Some(name) => Value::string(name, expression.at),
        None => Value::unknown_because("it is no name", expression.at),
    };
    match &attribute.value.kind {
        syntax::ExprKind::List(items) => Value::list(items.iter().map(name).collect(), attribute.value.at),
        _ => name(&attribute.value),
    }
}

fn written_name(expression: &syntax::Expr) -> Option<String> {
    match &expression.kind {
        syntax::ExprKind::Variable(name) | syntax::ExprKind::String(name) => Some(name.to_string()),
        syntax::ExprKind::Access(base, accesses) => {
            let mut name = written_name(base)?;
            for access in accesses {
                match access {
                    syntax::Access::Name(next) => {
                        name.push('.');
                        name.push_str(next);
                    }
                    syntax::Access::Index(index) => match &index.kind {
                        syntax::ExprKind::Number(number) => name.extend(["[", &number.to_string(), "]"]),
                        syntax::ExprKind::String(key) => name.push_str(&key_suffix(key)),
                        _ => return None,
                    },
                    syntax::Access::Splat | syntax::Access::AttributeSplat => name.push_str("[*]"),
                }
            }
            Some(name)
        }
        _ => None,
    }
}
