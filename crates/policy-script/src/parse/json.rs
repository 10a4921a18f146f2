//! A JSON file as a module: what code imports of it.

use policy_text::json::{self, Node, Value};

use super::convert::Converter;
use super::syntax::{ExprId, ExprKind, Module, Property};

/// The module that a JSON text is. `None` where it is not JSON.
pub(super) fn module(text: &str) -> Option<Module> {
    let value = json::parse(text).ok()?;
    let mut converter = Converter::new(text);
    let whole = add(&mut converter, &value);
    let mut module = converter.finish();
    module.whole_export = Some(whole);
    Some(module)
}

fn add(converter: &mut Converter<'_>, node: &Node) -> ExprId {
    let kind = match &node.value {
        Value::Null => ExprKind::Null,
        Value::Bool(value) => ExprKind::Bool(*value),
        Value::Number(number) => ExprKind::Number(number.as_str().into()),
        Value::String(text) => ExprKind::String(text.as_str().into()),
        Value::Array(elements) => {
            ExprKind::Array(elements.iter().map(|element| add(converter, element)).collect())
        }
        Value::Object(members) => {
            let member = |member: &json::Member| {
                Property::Value(member.name.as_str().into(), add(converter, &member.value))
            };
            ExprKind::Object(members.iter().map(member).collect())
        }
    };
    converter.add(kind, (node.range.start as u32, node.range.end as u32))
}
