//! Type constraints of variables, and the conversion of values to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;

use super::value::{Data, List, Object, Value};
use crate::parse::syntax::{Expr, ExprKind};

/// A type constraint.
#[derive(Clone, Debug)]
pub(super) enum Type<'p> {
    Any,
    String,
    Number,
    Bool,
    List(Box<Type<'p>>),
    Set(Box<Type<'p>>),
    Map(Box<Type<'p>>),
    Tuple(Vec<Type<'p>>),
    Object(BTreeMap<&'p str, Attribute<'p>>),
}

/// An attribute of an object type.
#[derive(Clone, Debug)]
pub(super) struct Attribute<'p> {
    kind: Type<'p>,
    /// Whether it may be left out.
    optional: bool,
    /// What stands for it then.
    default: Option<&'p Expr>,
}

impl<'p> Type<'p> {
    /// Whether its values have no parts.
    pub(super) fn is_simple(&self) -> bool {
        matches!(self, Self::String | Self::Number | Self::Bool)
    }

    /// Reads a type expression; what cannot be read constrains nothing. Its depth is bounded by that of the syntax.
    pub(super) fn read(expression: &'p Expr) -> Self {
        match &expression.kind {
            // Before Terraform 0.12 types were strings.
            ExprKind::Variable(name) | ExprKind::String(name) => Self::named(name),
            ExprKind::Call(call) => match (&*call.name, call.arguments.as_slice()) {
                ("list", [element]) => Self::List(Box::new(Self::read(element))),
                ("set", [element]) => Self::Set(Box::new(Self::read(element))),
                ("map", [element]) => Self::Map(Box::new(Self::read(element))),
                ("tuple", [Expr { kind: ExprKind::List(elements), .. }]) => {
                    Self::Tuple(elements.iter().map(Self::read).collect())
                }
                ("object", [Expr { kind: ExprKind::Object(attributes), .. }]) => Self::Object(
                    attributes
                        .iter()
                        .filter_map(|(name, kind)| Some((name.as_literal()?, Attribute::read(kind))))
                        .collect(),
                ),
                _ => Self::Any,
            },
            _ => Self::Any,
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "string" => Self::String,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "list" => Self::List(Box::new(Self::Any)),
            "set" => Self::Set(Box::new(Self::Any)),
            "map" => Self::Map(Box::new(Self::Any)),
            _ => Self::Any,
        }
    }

    /// The value as this type. What cannot be converted stays as it is: Terraform rejects it, which is not ours to say.
    /// `default` evaluates the defaults of optional attributes.
    pub(super) fn convert(&self, value: &Value, default: &dyn Fn(&'p Expr) -> Value) -> Value {
        let with = |data| Value { data, from: value.from.clone() };
        match (self, &value.data) {
            (_, Data::OneOf(values)) => {
                Value::one_of(values.iter().map(|value| self.convert(value, default)), value.at())
            }
            (Self::String, Data::Number(_) | Data::Bool(_)) => match value.to_text() {
                Some(text) => with(Data::String(text)),
                None => value.clone(),
            },
            (Self::Number, Data::String(_)) => {
                value.as_number().map_or_else(|| value.clone(), |number| with(Data::Number(number)))
            }
            (Self::Bool, Data::String(_)) => {
                value.as_bool().map_or_else(|| value.clone(), |truth| with(Data::Bool(truth)))
            }
            (Self::List(element), Data::List(list)) => {
                let items = list.items.iter().map(|item| element.convert(item, default)).collect();
                with(Data::List(Arc::new(List { items, more: list.more.clone(), is_set: false })))
            }
            (Self::Set(element), Data::List(list)) => {
                let items = list.items.iter().map(|item| element.convert(item, default)).collect();
                with(Data::List(Arc::new(
                    List { items, more: list.more.clone(), is_set: true }.deduplicated(),
                )))
            }
            (Self::Tuple(elements), Data::List(list)) if list.more.is_none() => {
                let items = list.items.iter().enumerate().map(|(index, item)| match elements.get(index) {
                    Some(element) => element.convert(item, default),
                    None => item.clone(),
                });
                with(Data::List(Arc::new(List { items: items.collect(), more: None, is_set: false })))
            }
            (Self::Map(element), Data::Object(object)) => {
                let entries =
                    object.entries.iter().map(|(key, entry)| (key.clone(), element.convert(entry, default)));
                with(Data::Object(Arc::new(Object { entries: entries.collect(), more: object.more.clone() })))
            }
            (Self::Object(attributes), Data::Object(object)) => {
                with(Data::Object(Arc::new(convert_object(attributes, object, value.at(), default))))
            }
            _ => value.clone(),
        }
    }
}

impl<'p> Attribute<'p> {
    fn read(expression: &'p Expr) -> Self {
        if let ExprKind::Call(call) = &expression.kind
            && &*call.name == "optional"
            && let Some(kind) = call.arguments.first()
        {
            return Self { kind: Type::read(kind), optional: true, default: call.arguments.get(1) };
        }
        Self { kind: Type::read(expression), optional: false, default: None }
    }
}

/// An object as its type has it: attributes that the type does not name are dropped, optional ones are filled in.
fn convert_object<'p>(
    attributes: &BTreeMap<&'p str, Attribute<'p>>,
    object: &Object,
    at: Span,
    default: &dyn Fn(&'p Expr) -> Value,
) -> Object {
    let mut converted = Object { entries: BTreeMap::new(), more: object.more.clone() };
    for (&name, attribute) in attributes {
        let given = object.entries.get(name);
        let value = match (given, attribute.default) {
            (Some(value), Some(expression)) if value.is_null() => default(expression),
            (Some(value), _) => value.clone(),
            // It may be among the entries that are not seen.
            (None, _) if object.more.is_some() => continue,
            (None, Some(expression)) => default(expression),
            (None, None) if attribute.optional => Value::null(at),
            (None, None) => continue,
        };
        converted.entries.insert(Arc::from(name), attribute.kind.convert(&value, default));
    }
    converted
}

impl List {
    /// The set of these elements, in the order in which Terraform iterates over sets of strings and numbers. Elements that
    /// are not known may be equal to others: they are counted among those that are not seen.
    pub(super) fn deduplicated(self) -> Self {
        let mut set = List { items: Vec::new(), more: self.more, is_set: true };
        for item in self.items {
            let same: Vec<Option<bool>> = set.items.iter().map(|seen| seen.same(&item)).collect();
            if !same.contains(&Some(true)) {
                set.items.push(item);
            }
        }
        set.items.sort_by(|a, b| match (a.as_string(), b.as_string()) {
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        set
    }
}
