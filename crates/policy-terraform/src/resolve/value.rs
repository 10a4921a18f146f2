//! Terraform values: what is known of each, where it came from, and which resource it leads to.

mod equality;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::{Origin, Provenance, Text};

use super::Number;

/// A value with the place that decides it. Cheap to clone: whatever can be large is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What is known.
    pub data: Data,
    /// Where the value is written, and what it passed through since.
    pub from: Provenance,
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing, and why.
    Unknown(Origin),
    /// One of several, where a condition is not known. Two to [`Value::MAX_ALTERNATIVES`] different values, none of
    /// them `OneOf` itself.
    OneOf(Arc<[Value]>),
    /// `null`: an argument that is `null` is as good as absent.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, of which parts may be unknown.
    String(Text),
    /// A list, tuple or set.
    List(Arc<List>),
    /// A map or object.
    Object(Arc<Object>),
    /// A resource, or an attribute of one that the configuration does not decide.
    Reference(Arc<Reference>),
}

/// A list, tuple or set, perhaps with elements that could not be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The elements that are certain to be there, in order. Each may be unknown in itself.
    pub items: Vec<Value>,
    /// Where further elements may be, if anywhere.
    pub more: Option<More>,
    /// Whether this is a set: without order and index. The items of a set are sorted as Terraform iterates over them.
    pub is_set: bool,
}

/// Any number of further elements, also none.
#[derive(Clone, Debug, PartialEq)]
pub struct More {
    /// How many of the known items are certain to come before the first of them: their indices are known.
    pub after: usize,
    /// Why they are not known.
    pub origin: Origin,
    /// The expression that stands for them.
    pub at: Span,
}

/// A map or object, perhaps with entries that could not be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// The entries that are certain to be there, in the order in which Terraform iterates over them.
    pub entries: BTreeMap<Arc<str>, Value>,
    /// Why there may be further entries, and the expression that stands for them.
    pub more: Option<(Origin, Span)>,
}

/// What an expression such as `aws_lb_listener.https.arn` leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The resource's address in its root module: `module.web[0].aws_lb_listener.https`, with `data.` before a data
    /// source. Without a key where it is not known which instance is meant.
    pub address: Arc<str>,
    /// The path below the resource: `arn`, `load_balancer[0].target_group_arn`. Empty for the resource as a whole.
    pub attribute: Arc<str>,
}

impl Value {
    /// The most alternatives that are kept apart; beyond them a value is unknown.
    pub const MAX_ALTERNATIVES: usize = 8;

    /// A value written at `at`.
    pub fn new(data: Data, at: Span) -> Self {
        Self { data, from: Provenance::at(at) }
    }

    /// A value of which nothing is known.
    pub fn unknown(origin: Origin, at: Span) -> Self {
        Self::new(Data::Unknown(origin), at)
    }

    /// A value of which nothing is known, for a reason in words: "more than 8 alternatives".
    pub fn unknown_because(reason: impl Into<Cow<'static, str>>, at: Span) -> Self {
        Self::unknown(Origin::Other(reason.into()), at)
    }

    /// Whether the resource at `address` is anywhere in the value.
    pub fn refers_to(&self, address: &str) -> bool {
        match &self.data {
            Data::Reference(reference) => *reference.address == *address,
            Data::OneOf(values) => values.iter().any(|value| value.refers_to(address)),
            Data::List(list) => list.items.iter().any(|item| item.refers_to(address)),
            Data::Object(object) => object.entries.values().any(|entry| entry.refers_to(address)),
            Data::Unknown(_) | Data::Null | Data::Bool(_) | Data::Number(_) | Data::String(_) => false,
        }
    }

    /// `null`.
    pub fn null(at: Span) -> Self {
        Self::new(Data::Null, at)
    }

    /// A truth value.
    pub fn bool(value: bool, at: Span) -> Self {
        Self::new(Data::Bool(value), at)
    }

    /// A number.
    pub fn number(value: impl Into<Number>, at: Span) -> Self {
        Self::new(Data::Number(value.into()), at)
    }

    /// A known string.
    pub fn string(value: impl Into<Arc<str>>, at: Span) -> Self {
        Self::new(Data::String(Text::literal(value, at)), at)
    }

    /// A list of exactly these elements.
    pub fn list(items: Vec<Value>, at: Span) -> Self {
        Self::new(Data::List(Arc::new(List { items, more: None, is_set: false })), at)
    }

    /// An object of exactly these entries.
    pub fn object(entries: BTreeMap<Arc<str>, Value>, at: Span) -> Self {
        Self::new(Data::Object(Arc::new(Object { entries, more: None })), at)
    }

    /// One of `values`: the value itself where they agree, [`Data::OneOf`] where they differ, unknown where they are too many.
    pub fn one_of(values: impl IntoIterator<Item = Value>, at: Span) -> Self {
        let mut different: Vec<Value> = Vec::new();
        for value in values {
            for alternative in value.alternatives() {
                if !different.iter().any(|seen| seen.same(alternative) == Some(true)) {
                    different.push(alternative.clone());
                }
            }
        }
        if different.len() > Self::MAX_ALTERNATIVES {
            return Self::unknown_because("more than 8 alternatives", at);
        }
        match <[Value; 1]>::try_from(different) {
            Ok([only]) => only,
            Err(none) if none.is_empty() => Self::unknown_because("no alternative is possible", at),
            Err(several) => Self::new(Data::OneOf(several.into()), at),
        }
    }

    /// Where the value is written: the default of the variable that decides it, not its use.
    pub fn at(&self) -> Span {
        self.from.at
    }

    /// Where the value is used: the place that it came through last, or where it is written.
    pub fn used_at(&self) -> Span {
        self.from.steps().next().map_or(self.from.at, |step| step.at)
    }

    /// The values that this may turn out to be; itself, where that is decided.
    pub fn alternatives(&self) -> &[Value] {
        match &self.data {
            Data::OneOf(values) => values,
            _ => std::slice::from_ref(self),
        }
    }

    /// The same value after it passed through one more place; see [`Provenance::through`]. The literal pieces of a string
    /// take the step too; elements of a collection do not.
    #[must_use]
    pub fn through(&self, at: Span, note: impl Into<Cow<'static, str>>) -> Self {
        let note = note.into();
        let data = match &self.data {
            Data::String(text) => Data::String(text.through(at, note.clone())),
            Data::OneOf(values) => {
                Data::OneOf(values.iter().map(|value| value.through(at, note.clone())).collect())
            }
            data => data.clone(),
        };
        Self { data, from: self.from.through(at, note) }
    }

    /// Whether this is known to be `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// Whether nothing at all is known: neither a part of the value nor which resource it leads to.
    pub fn is_unknown(&self) -> bool {
        matches!(self.data, Data::Unknown(_))
    }

    /// Whether the value is known through and through: no unknown, alternative or reference anywhere in it.
    pub fn is_wholly_known(&self) -> bool {
        match &self.data {
            Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => false,
            Data::Null | Data::Bool(_) | Data::Number(_) => true,
            Data::String(text) => text.holes().next().is_none(),
            Data::List(list) => list.more.is_none() && list.items.iter().all(Value::is_wholly_known),
            Data::Object(object) => {
                object.more.is_none() && object.entries.values().all(Value::is_wholly_known)
            }
        }
    }

    /// The truth value, converted from the strings `true`, `false`, `1` and `0` as Terraform does. `None` where it is not known.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(value) => Some(*value),
            Data::String(text) => match text.known()?.as_ref() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The number, converted from a string as Terraform does. `None` where it is not known.
    pub fn as_number(&self) -> Option<Number> {
        match &self.data {
            Data::Number(value) => Some(*value),
            Data::String(text) => Number::parse(&text.known()?),
            _ => None,
        }
    }

    /// The whole number that fits in 64 bits, converted as [`Value::as_number`] does.
    pub fn as_integer(&self) -> Option<i64> {
        self.as_number()?.as_integer().and_then(|value| i64::try_from(value).ok())
    }

    /// The string where all of it is known, converted from a number or truth value as Terraform does.
    pub fn as_string(&self) -> Option<String> {
        Some(self.to_text()?.known()?.into_owned())
    }

    /// The value as a string of which parts may be unknown; an unknown value is one hole. `None` for what cannot become
    /// a string: `null`, collections, and a resource as a whole.
    pub fn to_text(&self) -> Option<Text> {
        let literal = |text: String| Some(Text::literal_from(text, self.from.clone()));
        match &self.data {
            Data::String(text) => Some(text.clone()),
            Data::Bool(value) => literal(value.to_string()),
            Data::Number(value) => literal(value.to_string()),
            Data::Unknown(origin) => Some(Text::hole(origin.clone(), self.at())),
            Data::OneOf(_) => {
                Some(Text::hole(Origin::Other(Cow::Borrowed("it depends on a condition")), self.at()))
            }
            // What it stands for is made when it is applied: the place to look at is where it is used.
            Data::Reference(reference) => Some(Text::hole(reference.origin(), self.used_at())),
            Data::Null | Data::List(_) | Data::Object(_) => None,
        }
    }

    /// The strings that the value may turn out to be, as [`Value::to_text`] has each.
    pub fn texts(&self) -> Vec<Text> {
        self.alternatives().iter().filter_map(Self::to_text).collect()
    }

    /// The list, tuple or set.
    pub fn as_list(&self) -> Option<&List> {
        match &self.data {
            Data::List(list) => Some(list),
            _ => None,
        }
    }

    /// The map or object.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.data {
            Data::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The resource or the attribute of one.
    pub fn as_reference(&self) -> Option<&Reference> {
        match &self.data {
            Data::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// The entry `key` of an object. `None` also where this is no object, or the entry is not seen.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.entries.get(key)
    }

    /// What the value is, for messages: "a string", "a list".
    pub fn kind(&self) -> &'static str {
        match self.data {
            Data::Unknown(_) | Data::OneOf(_) => "an unknown value",
            Data::Null => "null",
            Data::Bool(_) => "a bool",
            Data::Number(_) => "a number",
            Data::String(_) => "a string",
            Data::List(_) => "a list",
            Data::Object(_) => "an object",
            Data::Reference(_) => "a reference",
        }
    }
}

impl Reference {
    /// Whether it may mean the resource at `address`: without a key it may mean any instance.
    pub fn may_mean(&self, address: &str) -> bool {
        address.strip_prefix(&*self.address).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    }

    /// Why what it leads to is not known. The text is what the module that holds the resource writes for it.
    pub fn origin(&self) -> Origin {
        let text = self.to_string();
        let mut rest = text.as_str();
        while let Some(inner) = after_module(rest) {
            rest = inner;
        }
        Origin::Cloud(Arc::from(rest))
    }
}

/// What follows `module.web["a"].` at the beginning of an address.
fn after_module(address: &str) -> Option<&str> {
    let after_name = address.strip_prefix("module.")?.trim_start_matches(|c| !matches!(c, '.' | '['));
    let after_key = match after_name.strip_prefix("[\"") {
        Some(key) => key.split_once("\"]")?.1,
        None => after_name.trim_start_matches(|c| c != '.'),
    };
    after_key.strip_prefix('.')
}

/// For messages: `aws_lb_listener.https.arn`.
impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.address)?;
        match self.attribute.chars().next() {
            None => Ok(()),
            Some('[') => f.write_str(&self.attribute),
            Some(_) => write!(f, ".{}", self.attribute),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_the_module_of_the_resource_writes() {
        let origin = |address: &str, attribute: &str| {
            Reference { address: address.into(), attribute: attribute.into() }.origin()
        };
        let written = |text: &str| Origin::Cloud(text.into());
        assert_eq!(origin("aws_lb.x", "arn"), written("aws_lb.x.arn"));
        assert_eq!(origin("module.a.module.b[0].data.aws_x.y", "id"), written("data.aws_x.y.id"));
        assert_eq!(origin("module.a[\"b.c]\"].aws_lb.x[\"k\"]", "arn"), written("aws_lb.x[\"k\"].arn"));
    }
}
