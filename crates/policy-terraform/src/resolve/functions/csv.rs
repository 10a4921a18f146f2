//! `csvdecode`: records under a header, as RFC 4180 has them.

use super::arguments::{Call, Outcome};
use crate::resolve::value::{List, Object, Value};

pub(super) fn csvdecode(call: &Call<'_>) -> Outcome {
    let mut records = records(&call.string(0)?)?.into_iter();
    let header = records.next().ok_or("there is no header")?;
    for (index, name) in header.iter().enumerate() {
        if header.iter().take(index).any(|earlier| earlier == name) {
            return Err(format!("the column `{name}` is there twice").into());
        }
    }
    let mut items: Vec<Value> = Vec::new();
    for record in records {
        if record.len() != header.len() {
            return Err("a record has another number of fields than the header".into());
        }
        let fields =
            header.iter().zip(record).map(|(name, field)| (name.as_str().into(), call.made_string(field)));
        items.push(call.made_object(Object { entries: fields.collect(), more: None }));
    }
    Ok(call.made_list(List { items, ..List::default() }))
}

/// The records with their fields; empty lines are passed over.
fn records(text: &str) -> Result<Vec<Vec<String>>, &'static str> {
    let text = text.replace("\r\n", "\n");
    let mut records = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            continue;
        }
        let mut record = Vec::new();
        loop {
            record.push(field(&mut rest)?);
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => break,
            }
        }
        rest = rest.strip_prefix('\n').unwrap_or(rest);
        records.push(record);
    }
    Ok(records)
}

fn field(rest: &mut &str) -> Result<String, &'static str> {
    let Some(mut quoted) = rest.strip_prefix('"') else {
        let end = rest.find([',', '\n']).unwrap_or(rest.len());
        let (field, after) = rest.split_at(end);
        *rest = after;
        return if field.contains('"') {
            Err("a quote in a field that is not quoted")
        } else {
            Ok(field.to_owned())
        };
    };
    let mut field = String::new();
    loop {
        let (part, after) = quoted.split_once('"').ok_or("a quoted field is not closed")?;
        field.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                quoted = more;
            }
            None if after.is_empty() || after.starts_with([',', '\n']) => {
                *rest = after;
                return Ok(field);
            }
            None => return Err("something follows a quoted field"),
        }
    }
}
