//! Steps into values: names, indices and splats.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;

use super::evaluation::{Evaluation, for_alternatives, unknown_like};
use super::instance::{Each, key_suffix};
use super::limits::Limit;
use super::scope::Scope;
use super::value::{Data, List, More, Reference, Value};
use crate::parse::syntax::Access;

/// How many steps are followed from one value. Each stands on the stack of the one before it.
const MOST_ACCESSES: usize = 256;

impl<'p> Evaluation<'p> {
    /// What a sequence of steps leads to.
    pub(super) fn access(&self, value: Value, accesses: &[Access], at: Span, scope: Scope<'_, 'p>) -> Value {
        if accesses.len() > MOST_ACCESSES {
            return Value::unknown_because("it is taken apart more often than is followed", at);
        }
        let Some((first, rest)) = accesses.split_first() else { return value };
        match first {
            Access::Name(name) => {
                let next = for_alternatives(&[value], at, |values| match values {
                    [value] => self.name_of(value, name, at),
                    _ => Value::unknown_because("it has no parts", at),
                });
                self.access(next, rest, at, scope)
            }
            Access::Index(index) => {
                let index = self.expression(index, scope);
                let next = for_alternatives(&[value, index], at, |values| match values {
                    [value, index] => self.index_of(value, index, at),
                    _ => Value::unknown_because("it has no parts", at),
                });
                self.access(next, rest, at, scope)
            }
            Access::Splat => self.splat(&value, rest, &[], at, scope),
            Access::AttributeSplat => {
                let names = rest.iter().take_while(|access| matches!(access, Access::Name(_))).count();
                let (each, after) = rest.split_at_checked(names).unwrap_or((rest, &[]));
                self.splat(&value, each, after, at, scope)
            }
        }
    }

    /// Applies `each` to every element and `after` to the list of results.
    fn splat(
        &self,
        value: &Value,
        each: &[Access],
        after: &[Access],
        at: Span,
        scope: Scope<'_, 'p>,
    ) -> Value {
        let spread = for_alternatives(std::slice::from_ref(value), at, |values| match values {
            [value] => match &value.data {
                Data::List(list) => {
                    if self.spend(list.items.len() * (1 + each.len()), at).is_err() {
                        return Limit::Steps.value(at);
                    }
                    let items =
                        list.items.iter().map(|item| self.access(item.clone(), each, at, scope)).collect();
                    let list = List { items, more: list.more.clone(), is_set: false };
                    Value::new(Data::List(Arc::new(list)), at)
                }
                Data::Null => Value::list(Vec::new(), at),
                Data::Unknown(origin) => {
                    let more = Some(More { after: 0, origin: origin.clone(), at: value.at() });
                    Value::new(Data::List(Arc::new(List { more, ..List::default() })), at)
                }
                // Anything else counts as a list of one.
                _ => Value::list(vec![self.access(value.clone(), each, at, scope)], at),
            },
            _ => Value::unknown_because("it has no elements", at),
        });
        self.access(spread, after, at, scope)
    }

    fn name_of(&self, value: &Value, name: &str, at: Span) -> Value {
        match &value.data {
            Data::Object(object) => match (object.entries.get(name), &object.more) {
                (Some(entry), _) => entry.clone(),
                (None, Some((origin, _))) => Value::unknown(origin.clone(), at),
                (None, None) => self.fail(format!("there is no attribute `{name}`"), at),
            },
            Data::Reference(reference) => self.attribute_of(reference, name, at),
            // `.0` written as a name does not occur; a name on a list is the old form of `[*].name`.
            Data::Unknown(_) => unknown_like(value, at),
            _ => self.fail(format!("{} has no attribute `{name}`", value.kind()), at),
        }
    }

    fn index_of(&self, value: &Value, index: &Value, at: Span) -> Value {
        if index.is_unknown() || index.as_reference().is_some() {
            return match &value.data {
                Data::Reference(_) => value.clone(),
                _ => unknown_like(index, at),
            };
        }
        match &value.data {
            Data::List(list) => match index.as_integer().and_then(|index| usize::try_from(index).ok()) {
                Some(index) => self.item(list, index, at),
                None => self.fail("a list has no such index", at),
            },
            Data::Object(_) => match index.as_string() {
                Some(name) => self.name_of(value, &name, at),
                None => unknown_like(index, at),
            },
            Data::Reference(reference) => {
                let suffix = match index.as_integer() {
                    Some(number) => format!("[{number}]"),
                    None => index.as_string().map_or_else(String::new, |key| key_suffix(&key)),
                };
                let attribute = Arc::from(format!("{}{suffix}", reference.attribute));
                Value::new(
                    Data::Reference(Arc::new(Reference { address: reference.address.clone(), attribute })),
                    at,
                )
            }
            Data::Unknown(_) => unknown_like(value, at),
            _ => self.fail(format!("{} has no elements", value.kind()), at),
        }
    }

    fn item(&self, list: &List, index: usize, at: Span) -> Value {
        match &list.more {
            None => list
                .items
                .get(index)
                .cloned()
                .unwrap_or_else(|| self.fail(format!("the list has no element {index}"), at)),
            Some(more) if index < more.after => {
                list.items.get(index).cloned().unwrap_or_else(|| Value::unknown(more.origin.clone(), at))
            }
            Some(more) => Value::unknown(more.origin.clone(), at),
        }
    }

    /// An attribute of a resource: what its configuration says, else a reference to what will be there.
    fn attribute_of(&self, reference: &Reference, name: &str, at: Span) -> Value {
        let target = self.targets.borrow().get(&reference.address).cloned();
        if reference.attribute.is_empty()
            && let Some(target) = target
        {
            let scope = Scope::of(&target.instance, &target.each);
            if let Some(attribute) = target.block.body().attribute(name) {
                let value = self.expression(&attribute.value, scope);
                if !value.is_null() {
                    return value;
                }
            }
            if let Some(value) = self.computed(&target, name, at) {
                return value;
            }
        }
        let attribute = match &*reference.attribute {
            "" => Arc::from(name),
            path => Arc::from(format!("{path}.{name}")),
        };
        Value::new(Data::Reference(Arc::new(Reference { address: reference.address.clone(), attribute })), at)
    }

    /// An attribute that Terraform computes from the arguments alone.
    fn computed(&self, target: &super::evaluation::Target<'p>, name: &str, at: Span) -> Option<Value> {
        let block = target.block;
        let scope = Scope::of(&target.instance, &target.each);
        let argument = |name: &str| {
            block.body().attribute(name).map(|attribute| self.expression(&attribute.value, scope))
        };
        match (block.labels.first().map(AsRef::as_ref), name) {
            (Some("template_file"), "rendered") => {
                let text = argument("template")?;
                let names = argument("vars").unwrap_or_else(|| Value::object(BTreeMap::default(), at));
                Some(self.rendered(&text, &names, at))
            }
            (Some("local_file"), "content") => {
                let path = argument("filename")?;
                Some(self.file(&path, at))
            }
            _ => None,
        }
    }
}

/// The key of an instance as an address has it, where it is known.
pub(super) fn suffix_of(index: &Value) -> Option<String> {
    match &index.data {
        Data::Number(_) => Some(Each::Index(index.clone()).suffix()),
        Data::String(_) => index.as_string().map(|key| key_suffix(&key)),
        _ => None,
    }
}
