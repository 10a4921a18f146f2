//! The arguments of a call, converted as Terraform converts them, with what is not known kept apart from what is wrong.

use std::borrow::Cow;

use policy_text::source::Span;
use policy_text::value::{Origin, Text};

use crate::resolve::Number;
use crate::resolve::value::{Data, List, More, Object, Value};

/// How deep a value is looked into; what lies deeper is as good as unknown.
pub(super) const MAX_DEPTH: usize = 128;

/// One call of a function.
pub(super) struct Call<'a> {
    pub(super) arguments: &'a [Value],
    pub(super) at: Span,
}

/// Why a call has no known result.
#[derive(Debug)]
pub(super) enum Stop {
    /// The result depends on something that is not known: this is what is left of it.
    Unknown(Value),
    /// Terraform answers with an error; the reason.
    Wrong(String),
}

/// What a function returns.
pub(super) type Outcome<T = Value> = Result<T, Stop>;

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Self::Wrong(reason)
    }
}

impl From<&str> for Stop {
    fn from(reason: &str) -> Self {
        Self::Wrong(reason.to_owned())
    }
}

impl<'a> Call<'a> {
    /// The argument, which the table has made sure is there. `null` is an error, as for most of Terraform's functions.
    pub(super) fn argument(&self, index: usize) -> Outcome<&'a Value> {
        let value = self.arguments.get(index).ok_or("an argument is missing")?;
        if value.is_null() {
            Err(format!("argument {} must not be null", index + 1).into())
        } else {
            Ok(value)
        }
    }

    /// The argument as a string of which parts may be unknown.
    pub(super) fn text(&self, index: usize) -> Outcome<Text> {
        let value = self.argument(index)?;
        value.to_text().ok_or_else(|| format!("a string is needed, not {}", value.kind()).into())
    }

    /// The argument as a string that is wholly known.
    pub(super) fn string(&self, index: usize) -> Outcome<String> {
        known(&self.text(index)?)
    }

    /// The argument as a number.
    pub(super) fn number(&self, index: usize) -> Outcome<Number> {
        number_of(self.argument(index)?)
    }

    /// The argument as a whole number.
    pub(super) fn integer(&self, index: usize) -> Outcome<i128> {
        self.number(index)?.as_integer().ok_or_else(|| "a whole number is needed".into())
    }

    /// The argument as a list; one of which nothing is known is a list that may have any elements.
    pub(super) fn list(&self, index: usize) -> Outcome<Cow<'a, List>> {
        list_of(self.argument(index)?)
    }

    /// The argument as a list that ends where its known items do.
    pub(super) fn whole_list(&self, index: usize) -> Outcome<Cow<'a, List>> {
        let list = self.list(index)?;
        match &list.more {
            Some(more) => Err(Stop::Unknown(Value::unknown(more.origin.clone(), more.at))),
            None => Ok(list),
        }
    }

    /// The argument as an object; one of which nothing is known is an object that may have any entries.
    pub(super) fn object(&self, index: usize) -> Outcome<Cow<'a, Object>> {
        object_of(self.argument(index)?)
    }

    /// The argument, where it is known through and through.
    pub(super) fn wholly_known(&self, index: usize) -> Outcome<&'a Value> {
        let value = self.argument(index)?;
        require_known(value)?;
        Ok(value)
    }

    /// `text` as the result that came from the argument `index`.
    pub(super) fn text_like(&self, index: usize, text: Text) -> Value {
        let value = text_value(text, self.at);
        match self.arguments.get(index) {
            Some(argument) => Value { from: argument.from.clone(), ..value },
            None => value,
        }
    }

    /// A known string that this call makes.
    pub(super) fn made_string(&self, text: impl Into<std::sync::Arc<str>>) -> Value {
        Value::string(text, self.at)
    }

    /// A list that this call makes.
    pub(super) fn made_list(&self, list: List) -> Value {
        Value::new(Data::List(list.into()), self.at)
    }

    /// An object that this call makes.
    pub(super) fn made_object(&self, object: Object) -> Value {
        Value::new(Data::Object(object.into()), self.at)
    }

    /// A result that is unknown for the reason in words.
    pub(super) fn unknown(&self, reason: &'static str) -> Stop {
        Stop::Unknown(Value::unknown_because(reason, self.at))
    }
}

/// The characters of `text`, where all are known.
pub(super) fn known(text: &Text) -> Outcome<String> {
    match text.holes().next() {
        Some(hole) => Err(Stop::Unknown(Value::unknown(hole.origin.clone(), hole.at))),
        None => Ok(text.known().unwrap_or_default().into_owned()),
    }
}

/// Stops where `value` is not known through and through.
pub(super) fn require_known(value: &Value) -> Outcome<()> {
    match first_unknown(value, 0) {
        Some((origin, at)) => Err(Stop::Unknown(Value::unknown(origin, at))),
        None => Ok(()),
    }
}

/// A string value; one hole and nothing else is as good as unknown.
pub(super) fn text_value(text: Text, at: Span) -> Value {
    match text.pieces() {
        [policy_text::value::Piece::Hole(hole)] => Value::unknown(hole.origin.clone(), hole.at),
        _ => Value::new(Data::String(text), at),
    }
}

/// The value as a number.
pub(super) fn number_of(value: &Value) -> Outcome<Number> {
    if let Some(number) = value.as_number() {
        return Ok(number);
    }
    match first_unknown(value, 0) {
        Some((origin, at)) => Err(Stop::Unknown(Value::unknown(origin, at))),
        None => Err(format!("a number is needed, not {}", value.kind()).into()),
    }
}

/// The value as a list; see [`Call::list`].
pub(super) fn list_of(value: &Value) -> Outcome<Cow<'_, List>> {
    match &value.data {
        Data::List(list) => Ok(Cow::Borrowed(list)),
        Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => {
            let (origin, at) = why_unknown(value);
            Ok(Cow::Owned(List {
                items: Vec::new(),
                more: Some(More { after: 0, origin, at }),
                is_set: false,
            }))
        }
        _ => Err(format!("a list is needed, not {}", value.kind()).into()),
    }
}

/// The value as an object; see [`Call::object`].
pub(super) fn object_of(value: &Value) -> Outcome<Cow<'_, Object>> {
    match &value.data {
        Data::Object(object) => Ok(Cow::Borrowed(object)),
        Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => {
            Ok(Cow::Owned(Object { more: Some(why_unknown(value)), ..Object::default() }))
        }
        _ => Err(format!("a map is needed, not {}", value.kind()).into()),
    }
}

/// Why a value that is unknown at its top is not known, and where that was decided.
pub(super) fn why_unknown(value: &Value) -> (Origin, Span) {
    match &value.data {
        Data::Unknown(origin) => (origin.clone(), value.at()),
        // What it stands for is made when it is applied: the place to look at is where it is used.
        Data::Reference(reference) => (reference.origin(), value.used_at()),
        _ => (Origin::Other(Cow::Borrowed("it depends on a condition")), value.at()),
    }
}

/// The first thing in `value` that is not known.
pub(super) fn first_unknown(value: &Value, depth: usize) -> Option<(Origin, Span)> {
    if depth > MAX_DEPTH {
        return Some((Origin::Other(Cow::Borrowed("the value is nested too deeply")), value.at()));
    }
    match &value.data {
        Data::Null | Data::Bool(_) | Data::Number(_) => None,
        Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => Some(why_unknown(value)),
        Data::String(text) => text.holes().next().map(|hole| (hole.origin.clone(), hole.at)),
        Data::List(list) => list
            .items
            .iter()
            .find_map(|item| first_unknown(item, depth + 1))
            .or_else(|| list.more.as_ref().map(|more| (more.origin.clone(), more.at))),
        Data::Object(object) => object
            .entries
            .values()
            .find_map(|entry| first_unknown(entry, depth + 1))
            .or_else(|| object.more.clone()),
    }
}
