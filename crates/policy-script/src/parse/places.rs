//! What stands in the text of a function, found by its place.

use std::sync::{Arc, OnceLock};

use super::syntax::{ExprId, FunctionId, Module};

/// What a module holds by where it stands, once that is asked.
#[derive(Debug, Default)]
pub(crate) struct Places {
    exprs: OnceLock<Vec<ExprId>>,
    /// The properties that are assigned.
    writes: OnceLock<Vec<(u32, Arc<str>)>>,
}

impl Module {
    /// The expressions that stand in the text of a function, by where they begin.
    pub(crate) fn exprs_within(&self, function: FunctionId) -> impl Iterator<Item = ExprId> {
        let (start, end) = self[function].range;
        let exprs = self.places.exprs.get_or_init(|| {
            let mut ids: Vec<ExprId> = self.all_exprs().collect();
            ids.sort_by_key(|&id| self[id].range.0);
            ids
        });
        let first = exprs.partition_point(|&id| self[id].range.0 < start);
        let behind = exprs.get(first..).unwrap_or_default().iter().copied();
        behind.take_while(move |&id| self[id].range.0 < end).filter(move |&id| self[id].range.1 <= end)
    }

    /// Whether the text of a function assigns to a property of this name.
    pub(crate) fn assigns_to(&self, property: &str, function: FunctionId) -> bool {
        let (start, end) = self[function].range;
        let writes = self.places.writes.get_or_init(|| {
            let all = self.bindings.iter().flat_map(|binding| &binding.writes);
            let mut writes: Vec<(u32, Arc<str>)> =
                all.map(|(property, definition)| (definition.at, property.clone())).collect();
            writes.sort();
            writes
        });
        let first = writes.partition_point(|(at, _)| *at < start);
        let mut within = writes.get(first..).unwrap_or_default().iter().take_while(|(at, _)| *at < end);
        within.any(|(_, own)| **own == *property)
    }
}
