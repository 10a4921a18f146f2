//! `for` expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;

use super::evaluation::{Evaluation, for_alternatives, unknown_like};
use super::expression::{elements, unknown_origin};
use super::scope::{Binding, Scope};
use super::value::{Data, List, More, Object, Value};
use crate::parse::syntax::For;

impl<'p> Evaluation<'p> {
    pub(super) fn comprehension(&self, it: &For, at: Span, scope: Scope<'_, 'p>) -> Value {
        let collection = self.expression(&it.collection, scope);
        for_alternatives(&[collection], at, |values| match values {
            [collection] => match &it.key {
                None => self.list_comprehension(it, collection, at, scope),
                Some(_) => self.object_comprehension(it, collection, at, scope),
            },
            _ => Value::unknown_because("nothing to go through", at),
        })
    }

    /// What is known and no collection is an error, as for `try`; what is unknown may be a collection.
    fn not_a_collection(&self, collection: &Value, unknown: Value, at: Span) -> Value {
        match collection.data {
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => {
                self.fail("a `for` needs a collection", at)
            }
            _ => unknown,
        }
    }

    fn list_comprehension(&self, it: &For, collection: &Value, at: Span, scope: Scope<'_, 'p>) -> Value {
        let elements = match elements(collection, at) {
            Ok(elements) => elements,
            Err(unknown) => return self.not_a_collection(collection, unknown, at),
        };
        let mut list = List::default();
        for (index, (key, value)) in elements.entries.iter().enumerate() {
            if let Some(more) = &elements.more
                && more.after == index
            {
                list.more.get_or_insert(More { after: list.items.len(), ..more.clone() });
            }
            with_names(it, key, value, scope, |scope| match self.selected(it, scope) {
                Ok(true) => list.items.push(self.expression(&it.value, scope)),
                Ok(false) => {}
                Err(unknown) => {
                    let origin = unknown_origin(&unknown);
                    list.more.get_or_insert(More { after: list.items.len(), origin, at: unknown.at() });
                }
            });
        }
        if let Some(more) = elements.more {
            list.more.get_or_insert(More { after: list.items.len(), ..more });
        }
        Value::new(Data::List(Arc::new(list)), at)
    }

    fn object_comprehension(&self, it: &For, collection: &Value, at: Span, scope: Scope<'_, 'p>) -> Value {
        let Some(key_expression) = &it.key else {
            return Value::unknown_because("a `for` without a key", at);
        };
        let elements = match elements(collection, at) {
            Ok(elements) => elements,
            Err(unknown) => return self.not_a_collection(collection, unknown, at),
        };
        let mut more = elements.more.map(|more| (more.origin, more.at));
        let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        for (key, value) in &elements.entries {
            with_names(it, key, value, scope, |scope| match self.selected(it, scope) {
                Ok(true) => {
                    let key = self.expression(key_expression, scope);
                    let value = self.expression(&it.value, scope);
                    match key.as_string() {
                        Some(key) => groups.entry(Arc::from(key)).or_default().push(value),
                        None => more = Some((unknown_origin(&key), key.at())),
                    }
                }
                Ok(false) => {}
                Err(unknown) => more = Some((unknown_origin(&unknown), unknown.at())),
            });
        }
        let mut entries = BTreeMap::new();
        for (key, mut values) in groups {
            let value = if it.grouped {
                let tail = more.clone().map(|(origin, at)| More { after: values.len(), origin, at });
                Value::new(Data::List(Arc::new(List { items: values, more: tail, is_set: false })), at)
            } else if values.len() > 1 {
                return self.fail(format!("two values for the key `{key}`"), at);
            } else {
                let Some(only) = values.pop() else { continue };
                only
            };
            entries.insert(key, value);
        }
        Value::new(Data::Object(Arc::new(Object { entries, more })), at)
    }

    /// Whether the element is taken. The error is the condition's unknown value.
    fn selected(&self, it: &For, scope: Scope<'_, 'p>) -> Result<bool, Value> {
        let Some(condition) = &it.condition else { return Ok(true) };
        let condition = self.expression(condition, scope.of_condition());
        condition.as_bool().ok_or_else(|| unknown_like(&condition, condition.at()))
    }
}

fn with_names<'p>(
    it: &For,
    key: &Value,
    value: &Value,
    scope: Scope<'_, 'p>,
    work: impl FnOnce(Scope<'_, 'p>),
) {
    let of_value = Binding { name: &it.value_name, value, outer: scope.bound };
    match &it.key_name {
        Some(name) => work(scope.with(&Binding { name, value: key, outer: Some(&of_value) })),
        None => work(scope.with(&of_value)),
    }
}
