//! What stands in the text of a function, found by its place.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::syntax::{Assigned, BindingId, ExprId, ExprKind, FunctionId, GuardId, Module, Test};

/// What a module holds by where it stands, once that is asked.
#[derive(Debug, Default)]
pub(crate) struct Places {
    exprs: OnceLock<Vec<ExprId>>,
    /// Where in the table of assignments each stands, in the order of the text.
    assigned: OnceLock<Vec<usize>>,
    /// The names of parameters.
    parameters: OnceLock<BTreeMap<(FunctionId, usize), BindingId>>,
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

    /// What the text of a function assigns to properties.
    pub(crate) fn assigned_within(&self, function: FunctionId) -> impl Iterator<Item = &Assigned> {
        let (start, end) = self[function].range;
        let place = |index: usize| self.assigned.get(index).map_or(0, |assigned| assigned.definition.at);
        let order = self.places.assigned.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.assigned.len()).collect();
            order.sort_by_key(|&index| place(index));
            order
        });
        let first = order.partition_point(|&index| place(index) < start);
        let behind = order.get(first..).unwrap_or_default().iter().copied();
        behind.take_while(move |&index| place(index) <= end).filter_map(|index| self.assigned.get(index))
    }

    /// The name that a function gives the argument at this place. `None` for a pattern, and for all that are left.
    pub(crate) fn name_of_parameter(&self, function: FunctionId, index: usize) -> Option<BindingId> {
        let parameters = self.places.parameters.get_or_init(|| {
            let named = self.binding_ids().filter_map(|id| {
                let first = self[id].definitions.first()?.value;
                let first = match self[first].kind {
                    ExprKind::Defaulted(value, _) => value,
                    _ => first,
                };
                match self[first].kind {
                    ExprKind::Parameter(function, index) => Some(((function, index), id)),
                    _ => None,
                }
            });
            named.collect()
        });
        parameters.get(&(function, index)).copied()
    }

    /// The condition under which a call runs. `None` where there is none, and for what is no call that may matter.
    pub(crate) fn guard_of_call(&self, call: ExprId) -> Option<GuardId> {
        let index = self.candidates.binary_search_by_key(&call, |candidate| candidate.expr).ok()?;
        self.candidates.get(index)?.guard
    }

    /// Whether all that runs under `inner` runs under `outer`.
    pub(crate) fn is_within(&self, inner: Option<GuardId>, outer: Option<GuardId>) -> bool {
        let Some(outer) = outer else { return true };
        std::iter::successors(inner, |&guard| self[guard].parent).any(|guard| guard == outer)
    }

    /// The conditions of `guard`, the innermost first.
    pub(crate) fn tests(&self, guard: Option<GuardId>) -> impl Iterator<Item = Test> {
        std::iter::successors(guard.map(|id| &self[id]), |guard| guard.parent.map(|id| &self[id]))
            .map(|guard| guard.test)
    }
}
