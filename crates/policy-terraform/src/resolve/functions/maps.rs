//! Functions of maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arguments::{Call, Outcome, Stop, object_of, require_known};
use super::convert::strings_of;
use super::function::Function;
use crate::resolve::value::{Data, List, More, Object, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::at_least(0, "merge", merge),
    Function { name: "lookup", least: 2, most: Some(3), run: lookup },
    Function::exactly(1, "keys", keys),
    Function::exactly(1, "values", values),
    Function::exactly(2, "zipmap", zipmap),
    Function::exactly(1, "transpose", transpose),
];

/// A later map wins. One of which not all is known may override every entry before it: those keys stay, their values do
/// not.
fn merge(call: &Call<'_>) -> Outcome {
    let mut merged = Object::default();
    for value in call.arguments.iter().filter(|value| !value.is_null()) {
        let object = object_of(value)?;
        if let Some((origin, at)) = &object.more {
            for (key, entry) in &mut merged.entries {
                if !object.entries.contains_key(key) {
                    *entry = Value::unknown(origin.clone(), *at);
                }
            }
            merged.more.get_or_insert_with(|| (origin.clone(), *at));
        }
        merged.entries.extend(object.entries.iter().map(|(key, entry)| (key.clone(), entry.clone())));
    }
    Ok(call.made_object(merged))
}

fn lookup(call: &Call<'_>) -> Outcome {
    let (object, key) = (call.object(0)?, call.string(1)?);
    match (object.entries.get(&*key), &object.more) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some((origin, at))) => Err(Stop::Unknown(Value::unknown(origin.clone(), *at))),
        (None, None) => match call.arguments.get(2) {
            Some(default) => Ok(default.clone()),
            None => Err(format!("there is no entry `{key}`").into()),
        },
    }
}

fn more_of(object: &Object) -> Option<More> {
    object.more.clone().map(|(origin, at)| More { after: 0, origin, at })
}

fn keys(call: &Call<'_>) -> Outcome {
    let object = call.object(0)?;
    let items = object
        .entries
        .iter()
        .map(|(key, value)| Value { from: value.from.clone(), ..Value::string(key.clone(), value.at()) })
        .collect();
    Ok(call.made_list(List { items, more: more_of(&object), is_set: false }))
}

fn values(call: &Call<'_>) -> Outcome {
    let object = call.object(0)?;
    let items = object.entries.values().cloned().collect();
    Ok(call.made_list(List { items, more: more_of(&object), is_set: false }))
}

fn zipmap(call: &Call<'_>) -> Outcome {
    let (keys, values) = (call.whole_list(0)?, call.whole_list(1)?);
    if values.is_set {
        return Err("a set has no order to give keys to".into());
    }
    if keys.items.len() != values.items.len() {
        return Err("keys and values are of different lengths".into());
    }
    let mut object = Object::default();
    for (key, value) in strings_of(&keys.items)?.iter().zip(&values.items) {
        match key.as_string() {
            Some(key) => {
                object.entries.insert(key.into(), value.clone());
            }
            None if key.is_null() => return Err("a key is `null`".into()),
            None => {
                require_known(key).or_else(|stop| match stop {
                    Stop::Unknown(unknown) => {
                        let (origin, at) = super::arguments::why_unknown(&unknown);
                        object.more.get_or_insert((origin, at));
                        Ok(())
                    }
                    wrong @ Stop::Wrong(_) => Err(wrong),
                })?;
            }
        }
    }
    // A key that is not known may be any of the others, and then the last of them wins.
    if let Some((origin, at)) = object.more.clone() {
        for entry in object.entries.values_mut() {
            *entry = Value::unknown(origin.clone(), at);
        }
    }
    Ok(call.made_object(object))
}

fn transpose(call: &Call<'_>) -> Outcome {
    call.wholly_known(0)?;
    let object = call.object(0)?;
    let mut swapped: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in &object.entries {
        let list = super::arguments::list_of(list)?;
        for item in strings_of(&list.items)? {
            let item = item.as_string().ok_or("a list holds `null`")?;
            swapped.entry(item.into()).or_default().push(call.made_string(key.clone()));
        }
    }
    let entries = swapped
        .into_iter()
        .map(|(key, items)| (key, Value::new(Data::List(List { items, ..List::default() }.into()), call.at)));
    Ok(call.made_object(Object { entries: entries.collect(), more: None }))
}
