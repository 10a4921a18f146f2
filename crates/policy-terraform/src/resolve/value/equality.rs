//! When two values are equal, as far as it is known.

use policy_text::value::{Piece, Text};

use super::{Data, List, Object, Reference, Value};

impl Value {
    /// Whether two values are equal as Terraform's `==` has it; `None` where that is not known. Provenance does not count.
    pub fn same(&self, other: &Value) -> Option<bool> {
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) => Some(true),
            (Data::Bool(a), Data::Bool(b)) => Some(a == b),
            (Data::Number(a), Data::Number(b)) => Some(a == b),
            (Data::String(a), Data::String(b)) => same_text(a, b),
            (Data::List(a), Data::List(b)) => same_list(a, b),
            (Data::Object(a), Data::Object(b)) => same_object(a, b),
            (Data::Reference(a), Data::Reference(b)) if a == b => Some(true),
            (Data::Unknown(a), Data::Unknown(b)) if a == b && self.at() == other.at() => Some(true),
            (Data::Reference(there), _) if there.is_always_set() && other.is_nothing() => Some(false),
            (_, Data::Reference(there)) if there.is_always_set() && self.is_nothing() => Some(false),
            (Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_), _)
            | (_, Data::Unknown(_) | Data::OneOf(_) | Data::Reference(_)) => None,
            _ => Some(false),
        }
    }

    /// Whether this is known to be `null` or empty, by which modules tell that an input is not given.
    fn is_nothing(&self) -> bool {
        match &self.data {
            Data::Null => true,
            Data::String(text) => text.known().is_some_and(|text| text.is_empty()),
            _ => false,
        }
    }
}

impl Reference {
    /// Whether it is neither `null` nor empty once the resource is there: the resource itself, and what names it.
    fn is_always_set(&self) -> bool {
        matches!(&*self.attribute, "" | "arn" | "id")
    }
}

fn same_text(a: &Text, b: &Text) -> Option<bool> {
    match (a.known(), b.known()) {
        (Some(a), Some(b)) => Some(a == b),
        _ if pieces_agree(a, b) => Some(true),
        _ => {
            let apart = |a: &str, b: &str| !a.starts_with(b) && !b.starts_with(a);
            let ends_apart = |a: &str, b: &str| !a.ends_with(b) && !b.ends_with(a);
            (apart(&a.known_prefix(), &b.known_prefix()) || ends_apart(&a.known_suffix(), &b.known_suffix()))
                .then_some(false)
        }
    }
}

/// Whether two texts have the same characters and the same holes in the same places.
fn pieces_agree(a: &Text, b: &Text) -> bool {
    a.pieces().len() == b.pieces().len()
        && a.pieces().iter().zip(b.pieces()).all(|pair| match pair {
            (Piece::Literal(a, _), Piece::Literal(b, _)) => a == b,
            (Piece::Hole(a), Piece::Hole(b)) => a == b,
            _ => false,
        })
}

fn same_list(a: &List, b: &List) -> Option<bool> {
    if a.more.is_some() || b.more.is_some() {
        return None;
    }
    if a.items.len() != b.items.len() {
        return if a.is_set || b.is_set { None } else { Some(false) };
    }
    all_same(a.items.iter().zip(&b.items))
}

fn same_object(a: &Object, b: &Object) -> Option<bool> {
    if a.more.is_some() || b.more.is_some() {
        return None;
    }
    if !a.entries.keys().eq(b.entries.keys()) {
        return Some(false);
    }
    all_same(a.entries.values().zip(b.entries.values()))
}

/// `Some(false)` as soon as one pair is known to differ, `None` where a pair is not known.
fn all_same<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut all = Some(true);
    for (a, b) in pairs {
        match a.same(b) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}
