//! Arguments of a block or an object as typed settings: absent, known with where they came from, or unknown.

use crate::resolve::terraform::value::{Data, Value};
use crate::resolve::terraform::world::Block;
use crate::resolve::{Origin, Resolved};

/// A setting: `None` where it is not set. A value that is `null` only where a condition or a variable has it so counts
/// as unknown: whoever applies the configuration decides it.
pub type Setting<T> = Option<Resolved<T>>;

/// The argument `name` of a block as a string.
pub fn text(block: &Block, name: &str) -> Setting<String> {
    of_argument(block, name, Value::as_string)
}

/// The argument `name` of a block as a whole number.
pub fn integer(block: &Block, name: &str) -> Setting<i64> {
    of_argument(block, name, Value::as_integer)
}

/// The argument `name` of a block as a truth value.
pub fn truth(block: &Block, name: &str) -> Setting<bool> {
    of_argument(block, name, Value::as_bool)
}

/// The value of a setting that a container definition or another object holds.
pub fn of<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    let value = value.filter(|value| !value.is_null())?;
    Some(match read(value) {
        Some(known) => Resolved::Known(known, value.from.clone()),
        None => unknown(value),
    })
}

fn of_argument<T>(block: &Block, name: &str, read: impl Fn(&Value) -> Option<T>) -> Setting<T> {
    let argument = block.argument(name)?;
    if argument.value.is_null() {
        return Some(unknown(&argument.value));
    }
    of(Some(&argument.value), read)
}

fn unknown<T>(value: &Value) -> Resolved<T> {
    let origin = match &value.data {
        Data::Unknown(origin) => origin.clone(),
        Data::Reference(reference) => reference.origin(),
        Data::Null => Origin::Other("it is `null` here".into()),
        _ => Origin::Other("it is not known".into()),
    };
    Resolved::Unknown(origin, value.at())
}

/// The setting where it is known.
pub fn known<T>(setting: &Setting<T>) -> Option<&T> {
    setting.as_ref().and_then(Resolved::known)
}
