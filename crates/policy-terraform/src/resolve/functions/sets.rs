//! Functions of sets.

use std::collections::BTreeSet;

use super::arguments::{Call, Outcome, list_of};
use super::convert::{primitive_key, set_of, unified};
use super::function::Function;
use super::limits::{MAX_COMPARISONS, MAX_ITEMS};
use crate::resolve::value::{Data, List, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::at_least(1, "setunion", union),
    Function::at_least(1, "setintersection", |call| keep(call, true)),
    Function::exactly(2, "setsubtract", |call| keep(call, false)),
    Function::at_least(1, "setproduct", product),
];

fn union(call: &Call<'_>) -> Outcome {
    let (mut items, mut more) = (Vec::new(), None);
    for index in 0..call.arguments.len() {
        let set = members(call.argument(index)?)?;
        items.extend(set.items);
        more = more.or(set.more);
    }
    Ok(call.made_list(set_of(unified(&items)?, more)))
}

/// The elements of the first set that are (`shared`) in every other, or are not.
fn keep(call: &Call<'_>, shared: bool) -> Outcome {
    let first = known_members(call, 0)?;
    let mut kept = first;
    for index in 1..call.arguments.len() {
        let other = known_members(call, index)?;
        if kept.len().saturating_mul(other.len()) > MAX_COMPARISONS {
            return Err(call.unknown("the sets are too large"));
        }
        let all: Vec<Value> = unified(&kept.iter().chain(&other).cloned().collect::<Vec<_>>())?;
        let (mine, theirs) = all.split_at(kept.len());
        let plain: Option<BTreeSet<(u8, String)>> = theirs.iter().map(primitive_key).collect();
        let is_there = |item: &Value| match (&plain, primitive_key(item)) {
            (Some(plain), Some(item)) => plain.contains(&item),
            _ => theirs.iter().any(|other| other.same(item) == Some(true)),
        };
        kept = mine.iter().filter(|item| is_there(item) == shared).cloned().collect();
    }
    Ok(call.made_list(set_of(kept, None)))
}

fn known_members(call: &Call<'_>, index: usize) -> Outcome<Vec<Value>> {
    call.wholly_known(index)?;
    Ok(members(call.argument(index)?)?.items)
}

fn product(call: &Call<'_>) -> Outcome {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    let mut is_set = false;
    for index in 0..call.arguments.len() {
        let list = call.whole_list(index)?;
        is_set |= list.is_set;
        let items = unified(&list.items)?;
        if rows.len().saturating_mul(items.len()).saturating_mul(index + 1) > MAX_ITEMS {
            return Err(call.unknown("the value is too large"));
        }
        rows = rows
            .iter()
            .flat_map(|row| items.iter().map(|item| row.iter().chain([item]).cloned().collect()))
            .collect();
    }
    let row = |items| Value::new(Data::List(List { items, more: None, is_set: false }.into()), call.at);
    let items = rows.into_iter().map(row).collect();
    Ok(call.made_list(if is_set { set_of(items, None) } else { List { items, ..List::default() } }))
}

/// The elements of a list as a set.
fn members(value: &Value) -> Outcome<List> {
    let list = list_of(value)?;
    Ok(set_of(unified(&list.items)?, list.more.clone()))
}
