//! Arguments of a block or an object of Terraform as typed settings.

use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::Block;
use policy_text::value::{Origin, Provenance};

use crate::model::references::References;
use crate::model::setting::Setting;

/// The argument `name` of a block as a string.
pub(super) fn text(block: &Block, name: &str) -> Setting<String> {
    of_argument(block, name, Value::as_string)
}

/// The argument `name` of a block as one of the words that AWS takes there.
pub(super) fn word<T: From<String>>(block: &Block, name: &str) -> Setting<T> {
    of_argument(block, name, |value| value.as_string().map(T::from))
}

/// What a value may be as a string, each with where it comes from. Empty where not all of that is known.
pub(super) fn choices(value: Option<&Value>) -> Vec<(String, Provenance)> {
    let alternatives = value.map(Value::alternatives).unwrap_or_default();
    let known = alternatives.iter().map(|value| Some((value.as_string()?, value.from.clone())));
    known.collect::<Option<_>>().unwrap_or_default()
}

/// What `read` makes of the nested block of type `kind`.
pub(super) fn of_block<T>(body: &Block, kind: &str, read: impl Fn(&Block) -> Setting<T>) -> Setting<T> {
    match body.block(kind) {
        Some(block) => read(block),
        None if body.may_have_more(kind) => {
            Setting::Unknown(Origin::Other("a condition decides whether it is set".into()), body.at)
        }
        None => Setting::Unset,
    }
}

/// The argument `name` of a block as a whole number.
pub(super) fn integer(block: &Block, name: &str) -> Setting<i64> {
    of_argument(block, name, Value::as_integer)
}

/// The argument `name` of a block as a truth value.
pub(super) fn truth(block: &Block, name: &str) -> Setting<bool> {
    of_argument(block, name, Value::as_bool)
}

/// The resources that a value names: alone or in a list.
pub(super) fn references(value: &Value) -> References {
    let (items, more) = match value.as_list() {
        Some(list) => (list.items.as_slice(), list.more.is_some()),
        None => (std::slice::from_ref(value), false),
    };
    let named: Vec<_> =
        items.iter().filter_map(|item| Some((item.as_reference()?.clone(), item.used_at()))).collect();
    References { more: more || named.len() < items.len(), named }
}

/// The value of a setting that a container definition or another object holds.
pub(super) fn of<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    match value {
        Some(value) if !value.is_null() => of_value(value, read),
        _ => Setting::Unset,
    }
}

fn of_argument<T>(block: &Block, name: &str, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    block.argument(name).map_or(Setting::Unset, |argument| of_value(&argument.value, read))
}

fn of_value<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    if let Some(known) = read(value) {
        return Setting::Known(known, value.from.clone());
    }
    let origin = match &value.data {
        Data::Unknown(origin) => origin.clone(),
        Data::Reference(reference) => reference.origin(),
        Data::Null => Origin::Other("it is `null` here".into()),
        _ => Origin::Other("its expression cannot be evaluated".into()),
    };
    Setting::Unknown(origin, value.at())
}
