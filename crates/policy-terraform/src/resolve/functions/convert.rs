//! Conversions between types, and the one type that the elements of a list, set or map share.

use std::cmp::Ordering;
use std::sync::Arc;

use super::arguments::{
    Call, MAX_DEPTH, Outcome, Stop, list_of, number_of, object_of, require_known, text_value, why_unknown,
};
use super::function::Function;
use crate::resolve::value::{Data, List, More, Object, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(1, "tostring", |call| match call.arguments.first() {
        Some(null) if null.is_null() => Ok(null.clone()),
        _ => Ok(call.text_like(0, call.text(0)?)),
    }),
    Function::exactly(1, "tonumber", |call| match call.arguments.first() {
        Some(null) if null.is_null() => Ok(null.clone()),
        _ => Ok(like(call, 0, Data::Number(call.number(0)?))),
    }),
    Function::exactly(1, "tobool", tobool),
    Function::exactly(1, "tolist", |call| convert_argument(call, to_list)),
    Function::exactly(1, "toset", |call| convert_argument(call, to_set)),
    Function::exactly(1, "tomap", |call| convert_argument(call, to_map)),
    Function::exactly(1, "sensitive", |call| call.arguments.first().cloned().ok_or_else(|| "".into())),
    Function::exactly(1, "nonsensitive", |call| call.arguments.first().cloned().ok_or_else(|| "".into())),
];

/// A value with other contents that comes from the argument `index`.
pub(super) fn like(call: &Call<'_>, index: usize, data: Data) -> Value {
    let value = Value::new(data, call.at);
    match call.arguments.get(index) {
        Some(argument) => Value { from: argument.from.clone(), ..value },
        None => value,
    }
}

fn convert_argument(call: &Call<'_>, convert: fn(&Value) -> Outcome<Data>) -> Outcome {
    match call.arguments.first() {
        Some(null) if null.is_null() => Ok(null.clone()),
        _ => Ok(like(call, 0, convert(call.argument(0)?)?)),
    }
}

fn tobool(call: &Call<'_>) -> Outcome {
    let Some(value) = call.arguments.first().filter(|value| !value.is_null()) else {
        return Ok(Value::null(call.at));
    };
    if let Some(truth) = value.as_bool() {
        return Ok(like(call, 0, Data::Bool(truth)));
    }
    require_known(value)?;
    Err(format!("a bool is needed, not {}", value.kind()).into())
}

fn to_list(value: &Value) -> Outcome<Data> {
    let list = list_of(value)?;
    let items = unified(&list.items)?;
    Ok(Data::List(Arc::new(List { items, more: list.more.clone(), is_set: false })))
}

fn to_set(value: &Value) -> Outcome<Data> {
    let list = list_of(value)?;
    Ok(Data::List(Arc::new(set_of(unified(&list.items)?, list.more.clone()))))
}

fn to_map(value: &Value) -> Outcome<Data> {
    let object = object_of(value)?;
    let values: Vec<Value> = object.entries.values().cloned().collect();
    let entries = object.entries.keys().cloned().zip(unified(&values)?).collect();
    Ok(Data::Object(Arc::new(Object { entries, more: object.more.clone() })))
}

/// The set of `items`: each once, in the order in which Terraform iterates over a set. Items that may turn out to be
/// equal are all kept.
pub(super) fn set_of(items: Vec<Value>, more: Option<More>) -> List {
    let mut different = without_repeats(items);
    different.sort_by(order);
    List { items: different, more: more.map(|more| More { after: 0, ..more }), is_set: true }
}

/// Among more values than this, collections are not compared with each other: all are kept.
const MAX_COMPARED: usize = 1024;

/// Each item once, the first of its kind. Items that may turn out to be equal are all kept.
pub(super) fn without_repeats(items: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    let mut different: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let is_new = match primitive_key(&item) {
            Some(key) => seen.insert(key),
            None if different.len() > MAX_COMPARED => true,
            None => !different.iter().any(|other| other.same(&item) == Some(true)),
        };
        if is_new {
            different.push(item);
        }
    }
    different
}

/// What tells a known primitive from all others, so that large lists of them need no pairwise comparison.
pub(super) fn primitive_key(value: &Value) -> Option<(u8, String)> {
    match &value.data {
        Data::Null => Some((0, String::new())),
        Data::Bool(truth) => Some((1, truth.to_string())),
        Data::Number(number) => Some((2, number.to_string())),
        Data::String(text) => Some((3, text.known()?.into_owned())),
        _ => None,
    }
}

/// The order of a set's elements: by value where both are primitives of one type.
fn order(a: &Value, b: &Value) -> Ordering {
    match (&a.data, &b.data) {
        (Data::Bool(a), Data::Bool(b)) => a.cmp(b),
        (Data::Number(a), Data::Number(b)) => a.cmp(b),
        (Data::String(a), Data::String(b)) => match (a.known(), b.known()) {
            (Some(a), Some(b)) => a.cmp(&b),
            (known, other) => known.is_none().cmp(&other.is_none()),
        },
        _ => sort_key(a).cmp(&sort_key(b)),
    }
}

/// What Terraform orders the collections in a set by: what is in them, written one after the other.
fn sort_key(value: &Value) -> Option<String> {
    let parts = |parts: Vec<Option<String>>| {
        let parts: Vec<String> = parts.into_iter().collect::<Option<_>>()?;
        Some(format!("<{};>", parts.join(";")))
    };
    match &value.data {
        Data::List(list) => parts(list.items.iter().map(sort_key).collect()),
        Data::Object(object) => parts(object.entries.values().map(sort_key).collect()),
        Data::String(text) => text.known().map(|text| format!("{text:?}")),
        Data::Bool(truth) => Some(if *truth { "T" } else { "F" }.to_owned()),
        Data::Null => Some("~".to_owned()),
        _ => value.as_string(),
    }
}

/// The values as elements of one collection: where strings are among numbers or truth values, all become strings, also
/// inside lists and objects.
pub(super) fn unified(values: &[Value]) -> Outcome<Vec<Value>> {
    unified_at(values, 0)
}

fn unified_at(values: &[Value], depth: usize) -> Outcome<Vec<Value>> {
    let has = |is_kind: fn(&Data) -> bool| values.iter().any(|value| is_kind(&value.data));
    let strings = has(|data| matches!(data, Data::String(_)));
    let (numbers, truths) =
        (has(|data| matches!(data, Data::Number(_))), has(|data| matches!(data, Data::Bool(_))));
    let (lists, objects) =
        (has(|data| matches!(data, Data::List(_))), has(|data| matches!(data, Data::Object(_))));
    let primitives = strings || numbers || truths;
    if primitives && (lists || objects) || lists && objects || !strings && numbers && truths {
        return Err("the elements are of different types".into());
    }
    if strings && (numbers || truths) {
        return strings_of(values);
    }
    if lists && depth < MAX_DEPTH && values.iter().all(|value| value.as_list().is_some()) {
        return unified_lists(values, depth);
    }
    if objects && depth < MAX_DEPTH && values.iter().all(|value| value.as_object().is_some()) {
        return unified_objects(values, depth);
    }
    Ok(values.to_vec())
}

/// Lists of one length are tuples, unified position by position; others are lists, all of whose elements are unified.
/// Beside a set, all are sets.
fn unified_lists(values: &[Value], depth: usize) -> Outcome<Vec<Value>> {
    let rows: Vec<&List> = values.iter().filter_map(Value::as_list).collect();
    let sets = rows.iter().any(|row| row.is_set);
    let width = rows.first().map_or(0, |row| row.items.len());
    let items: Vec<Value> = if rows.iter().all(|row| row.items.len() == width) {
        let column =
            |index: usize| rows.iter().filter_map(|row| row.items.get(index).cloned()).collect::<Vec<_>>();
        let columns =
            (0..width).map(|index| unified_at(&column(index), depth + 1)).collect::<Outcome<Vec<_>>>()?;
        (0..rows.len())
            .flat_map(|row| columns.iter().filter_map(move |column| column.get(row).cloned()))
            .collect()
    } else {
        unified_at(&rows.iter().flat_map(|row| row.items.iter().cloned()).collect::<Vec<_>>(), depth + 1)?
    };
    let mut items = items.into_iter();
    let unified = values.iter().zip(rows).map(|(value, row)| {
        let items = items.by_ref().take(row.items.len()).collect();
        let list = if sets { set_of(items, row.more.clone()) } else { List { items, ..row.clone() } };
        Value { data: Data::List(Arc::new(list)), from: value.from.clone() }
    });
    Ok(unified.collect())
}

/// Objects with the same names are unified name by name; others are maps, all of whose values are unified.
fn unified_objects(values: &[Value], depth: usize) -> Outcome<Vec<Value>> {
    let objects: Vec<&Object> = values.iter().filter_map(Value::as_object).collect();
    if objects.iter().any(|object| object.more.is_some()) {
        return Ok(values.to_vec());
    }
    let same_names =
        objects.windows(2).all(|pair| matches!(pair, [a, b] if a.entries.keys().eq(b.entries.keys())));
    let groups: Vec<Vec<Value>> = match objects.first() {
        Some(first) if same_names => first
            .entries
            .keys()
            .map(|name| objects.iter().filter_map(|object| object.entries.get(name).cloned()).collect())
            .collect(),
        _ => vec![objects.iter().flat_map(|object| object.entries.values().cloned()).collect()],
    };
    let groups = groups.iter().map(|group| unified_at(group, depth + 1)).collect::<Outcome<Vec<_>>>()?;
    let mut all = groups.iter().flatten();
    let unified = values.iter().zip(objects).enumerate().map(|(row, (value, object))| {
        let entry = |(index, name): (usize, &Arc<str>)| {
            let entry = if same_names { groups.get(index)?.get(row) } else { all.next() };
            Some((name.clone(), entry?.clone()))
        };
        let entries = object.entries.keys().enumerate().filter_map(entry).collect();
        let data = Data::Object(Arc::new(Object { entries, more: None }));
        Value { data, from: value.from.clone() }
    });
    Ok(unified.collect())
}

/// The values converted to strings, `null` and what is unknown kept.
pub(super) fn strings_of(values: &[Value]) -> Outcome<Vec<Value>> {
    values.iter().map(as_string_value).collect()
}

fn as_string_value(value: &Value) -> Outcome {
    match &value.data {
        Data::Number(_) | Data::Bool(_) => {
            let text = value.to_text().unwrap_or_default();
            Ok(Value { from: value.from.clone(), ..text_value(text, value.at()) })
        }
        Data::List(_) | Data::Object(_) => Err(format!("a string is needed, not {}", value.kind()).into()),
        _ => Ok(value.clone()),
    }
}

/// The values converted to numbers, where all are known.
pub(super) fn numbers_of(values: &[Value]) -> Outcome<Vec<crate::resolve::Number>> {
    values.iter().map(number_of).collect()
}

/// The truth value of an element. `Ok(None)` for `null`.
pub(super) fn truth_of(value: &Value) -> Outcome<Option<bool>> {
    if value.is_null() {
        return Ok(None);
    }
    match (value.as_bool(), &value.data) {
        (Some(truth), _) => Ok(Some(truth)),
        (None, Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_)) => {
            let (origin, at) = why_unknown(value);
            Err(Stop::Unknown(Value::unknown(origin, at)))
        }
        (None, Data::String(text)) if text.holes().next().is_some() => {
            Err(Stop::Unknown(Value::unknown_because("a part of the string is not known", value.at())))
        }
        (None, _) => Err(format!("a bool is needed, not {}", value.kind()).into()),
    }
}
