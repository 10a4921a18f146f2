//! Functions of lists.

use super::arguments::{Call, Outcome, Stop, list_of, require_known, why_unknown};
use super::convert::{strings_of, truth_of, unified, without_repeats};
use super::function::Function;
use super::limits::{MAX_COMPARISONS, MAX_ITEMS};
use crate::resolve::value::{Data, List, More, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::exactly(1, "length", length),
    Function::at_least(1, "concat", concat),
    Function::exactly(1, "flatten", flatten),
    Function::exactly(1, "distinct", distinct),
    Function::exactly(1, "compact", compact),
    Function::exactly(1, "reverse", reverse),
    Function::exactly(1, "sort", sort),
    Function::exactly(3, "slice", slice),
    Function::exactly(2, "element", element),
    Function::exactly(2, "index", index),
    Function::exactly(2, "contains", contains),
    Function::exactly(2, "chunklist", chunklist),
    Function::exactly(3, "matchkeys", matchkeys),
    Function::exactly(1, "one", one),
    Function::at_least(1, "coalesce", coalesce),
    Function::at_least(1, "coalescelist", coalescelist),
    Function::exactly(1, "alltrue", |call| all_or_any(call, false)),
    Function::exactly(1, "anytrue", |call| all_or_any(call, true)),
];

fn unknown_more(more: &More) -> Stop {
    Stop::Unknown(Value::unknown(more.origin.clone(), more.at))
}

fn length(call: &Call<'_>) -> Outcome {
    let value = call.argument(0)?;
    let count = match &value.data {
        Data::List(list) => {
            // Elements of a set that are not known may turn out to be one.
            let may_shrink =
                list.is_set && list.items.len() > 1 && !list.items.iter().all(Value::is_wholly_known);
            match &list.more {
                Some(more) => return Err(unknown_more(more)),
                None if may_shrink => return Err(call.unknown("elements of the set are not known")),
                None => list.items.len(),
            }
        }
        Data::Object(object) => match &object.more {
            Some((origin, at)) => return Err(Stop::Unknown(Value::unknown(origin.clone(), *at))),
            None => object.entries.len(),
        },
        Data::String(_) => call.string(0)?.chars().count(),
        Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => {
            let (origin, at) = why_unknown(value);
            return Err(Stop::Unknown(Value::unknown(origin, at)));
        }
        _ => return Err("a collection or a string is needed".into()),
    };
    Ok(Value::number(count, call.at))
}

fn concat(call: &Call<'_>) -> Outcome {
    let mut all = List::default();
    for index in 0..call.arguments.len() {
        let list = call.list(index)?;
        if list.is_set {
            return Err("a set has no order to put it after another".into());
        }
        if let (None, Some(more)) = (&all.more, &list.more) {
            all.more = Some(More { after: all.items.len() + more.after, ..more.clone() });
        }
        all.items.extend_from_slice(&list.items);
        if all.items.len() > MAX_ITEMS {
            return Err(call.unknown("the value is too large"));
        }
    }
    Ok(call.made_list(all))
}

fn flatten(call: &Call<'_>) -> Outcome {
    let list = list_of(call.argument(0)?)?;
    let mut flat = List::default();
    flatten_into(&list, &mut flat, 0).map_err(|reason| call.unknown(reason))?;
    Ok(call.made_list(flat))
}

fn flatten_into(list: &List, flat: &mut List, depth: usize) -> Result<(), &'static str> {
    if depth > super::arguments::MAX_DEPTH || flat.items.len() > MAX_ITEMS {
        return Err("the value is too large");
    }
    let missing = |flat: &mut List, origin, at| {
        flat.more.get_or_insert(More { after: flat.items.len(), origin, at });
    };
    for (position, item) in list.items.iter().enumerate() {
        if let Some(more) = list.more.as_ref().filter(|more| more.after == position) {
            missing(flat, more.origin.clone(), more.at);
        }
        match &item.data {
            Data::List(inner) => flatten_into(inner, flat, depth + 1)?,
            // It may be a list, which would be flattened too, or an element.
            Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => {
                let (origin, at) = why_unknown(item);
                missing(flat, origin, at);
            }
            _ => flat.items.push(item.clone()),
        }
    }
    if let Some(more) = list.more.as_ref().filter(|more| more.after >= list.items.len()) {
        missing(flat, more.origin.clone(), more.at);
    }
    Ok(())
}

fn distinct(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let items = unified(&list.items)?;
    let before = list.more.as_ref().map_or(0, |more| more.after);
    let certain = without_repeats(items.iter().take(before).cloned().collect()).len();
    let more = list.more.clone().map(|more| More { after: certain, ..more });
    Ok(call.made_list(List { items: without_repeats(items), more, is_set: false }))
}

fn compact(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let mut kept = List::default();
    for (position, item) in strings_of(&list.items)?.into_iter().enumerate() {
        if let Some(more) = list.more.as_ref().filter(|more| more.after == position) {
            kept.more.get_or_insert(More { after: kept.items.len(), ..more.clone() });
        }
        match &item.data {
            Data::Null => {}
            Data::String(text) if text.is_empty() => {}
            Data::String(text) if text.pieces().iter().any(|piece| piece.as_literal().is_some()) => {
                kept.items.push(item);
            }
            // It may be empty or `null`, and then it is left out.
            _ => {
                let (origin, at) = why_unknown(&item);
                kept.more.get_or_insert(More { after: kept.items.len(), origin, at });
            }
        }
    }
    if let (None, Some(more)) = (&kept.more, &list.more) {
        kept.more = Some(More { after: kept.items.len(), ..more.clone() });
    }
    Ok(call.made_list(kept))
}

fn reverse(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let items = list.items.iter().rev().cloned().collect();
    // Items after the unknown ones are at the front now; whether there are any at the end is not known by index.
    let more = list.more.clone().map(|more| More { after: 0, ..more });
    Ok(call.made_list(List { items, more, is_set: false }))
}

fn sort(call: &Call<'_>) -> Outcome {
    let list = call.whole_list(0)?;
    let mut items = strings_of(&list.items)?;
    if items.iter().any(Value::is_null) {
        return Err("the list holds `null`".into());
    }
    for item in &items {
        require_known(item)?;
    }
    items.sort_by_cached_key(|item| item.as_string().unwrap_or_default());
    Ok(call.made_list(List { items, ..List::default() }))
}

fn slice(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    if list.is_set {
        return Err("a set has no order to slice by".into());
    }
    let (start, end) = (call.integer(1)?, call.integer(2)?);
    let known = list.more.as_ref().map_or(list.items.len(), |more| more.after);
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
        return Err("an index must not be negative".into());
    };
    if start > end {
        return Err("the first index is greater than the last".into());
    }
    match (list.items.get(start..end).filter(|_| end <= known), &list.more) {
        (Some(items), _) => Ok(call.made_list(List { items: items.to_vec(), ..List::default() })),
        (None, Some(more)) => Err(unknown_more(more)),
        (None, None) => Err("the last index is greater than the length of the list".into()),
    }
}

fn element(call: &Call<'_>) -> Outcome {
    let (list, index) = (call.list(0)?, call.integer(1)?);
    if list.is_set {
        return Err("a set has no order to index by".into());
    }
    if let Some(more) = &list.more {
        let index = usize::try_from(index).ok().filter(|&index| index < more.after);
        let item = index.and_then(|index| list.items.get(index));
        return item.cloned().ok_or_else(|| unknown_more(more));
    }
    let wrapped = index.checked_rem_euclid(list.items.len() as i128).ok_or("the list is empty")?;
    let item = usize::try_from(wrapped).ok().and_then(|index| list.items.get(index));
    item.cloned().ok_or_else(|| "there is no such element".into())
}

fn index(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let sought = call.arguments.get(1).ok_or("an argument is missing")?;
    for (position, item) in list.items.iter().enumerate() {
        if let Some(more) = list.more.as_ref().filter(|more| more.after <= position) {
            return Err(unknown_more(more));
        }
        match item.same(sought) {
            Some(true) => return Ok(Value::number(position, call.at)),
            Some(false) => {}
            None => return Err(call.unknown("an element is not known")),
        }
    }
    match &list.more {
        Some(more) => Err(unknown_more(more)),
        None => Err("there is no such element".into()),
    }
}

fn contains(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let sought = call.arguments.get(1).ok_or("an argument is missing")?;
    let answers: Vec<Option<bool>> = list.items.iter().map(|item| item.same(sought)).collect();
    if answers.contains(&Some(true)) {
        return Ok(Value::bool(true, call.at));
    }
    match &list.more {
        Some(more) => Err(unknown_more(more)),
        None if answers.contains(&None) => Err(call.unknown("an element is not known")),
        None => Ok(Value::bool(false, call.at)),
    }
}

fn chunklist(call: &Call<'_>) -> Outcome {
    let (list, size) = (call.whole_list(0)?, call.integer(1)?);
    let size = usize::try_from(size).map_err(|_| "the size must not be negative")?;
    let items = unified(&list.items)?;
    let chunk = |items: &[Value]| call.made_list(List { items: items.to_vec(), ..List::default() });
    let chunks = match size {
        _ if items.is_empty() => Vec::new(),
        0 => vec![chunk(&items)],
        _ => items.chunks(size).map(chunk).collect(),
    };
    Ok(call.made_list(List { items: chunks, ..List::default() }))
}

fn matchkeys(call: &Call<'_>) -> Outcome {
    let (values, keys, sought) = (call.whole_list(0)?, call.whole_list(1)?, call.whole_list(2)?);
    if values.items.len() != keys.items.len() {
        return Err("values and keys are of different lengths".into());
    }
    if keys.items.len().saturating_mul(sought.items.len()) > MAX_COMPARISONS {
        return Err(call.unknown("the lists are too large"));
    }
    let mut items = Vec::new();
    for (value, key) in values.items.iter().zip(&keys.items) {
        let answers: Vec<Option<bool>> = sought.items.iter().map(|item| item.same(key)).collect();
        if answers.contains(&Some(true)) {
            items.push(value.clone());
        } else if answers.contains(&None) {
            return Err(call.unknown("a key is not known"));
        }
    }
    Ok(call.made_list(List { items, ..List::default() }))
}

fn one(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    match (list.items.as_slice(), &list.more) {
        ([], None) => Ok(Value::null(call.at)),
        // With unknown ones beside it, it is the only one all the same: more would be an error that `plan` shows.
        ([only], _) => Ok(only.clone()),
        ([], Some(more)) => Err(unknown_more(more)),
        _ => Err("the list has more than one element".into()),
    }
}

fn coalesce(call: &Call<'_>) -> Outcome {
    let values = unified(call.arguments)?;
    for value in values {
        match &value.data {
            Data::Null => {}
            Data::String(text) if text.is_empty() => {}
            Data::String(text) if text.pieces().iter().all(|piece| piece.as_literal().is_none()) => {
                return Err(call.unknown("the string may be empty"));
            }
            Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_) => {
                let (origin, at) = why_unknown(&value);
                return Err(Stop::Unknown(Value::unknown(origin, at)));
            }
            _ => return Ok(value),
        }
    }
    Err("no argument is set".into())
}

fn coalescelist(call: &Call<'_>) -> Outcome {
    let given = || call.arguments.iter().filter(|value| !value.is_null());
    for value in given() {
        if list_of(value)?.is_set {
            return Err("a list is needed, not a set".into());
        }
    }
    for value in given() {
        let list = list_of(value)?;
        match &list.more {
            _ if !list.items.is_empty() => return Ok(value.clone()),
            Some(more) => return Err(unknown_more(more)),
            None => {}
        }
    }
    Err("no argument has elements".into())
}

/// Whether any element is `decisive`, which decides the answer whatever the others are.
fn all_or_any(call: &Call<'_>, decisive: bool) -> Outcome {
    let list = call.list(0)?;
    let mut open = list.more.as_ref().map(unknown_more);
    for item in &list.items {
        match truth_of(item) {
            // `null` counts as false.
            Ok(truth) if truth.unwrap_or(false) == decisive => return Ok(Value::bool(decisive, call.at)),
            Ok(_) => {}
            Err(stop @ Stop::Wrong(_)) => return Err(stop),
            Err(stop) => open = open.or(Some(stop)),
        }
    }
    match open {
        Some(stop) => Err(stop),
        None => Ok(Value::bool(!decisive, call.at)),
    }
}
