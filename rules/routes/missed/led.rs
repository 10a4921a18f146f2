//! The programs that routes lead to, each with those routes.

use std::collections::BTreeMap;

use policy_core::model::program::{Backend, Program, ProgramId, Served, Serves};
use policy_core::model::routing::{Destination, Route, Table};
use policy_core::model::{AwsRoot, Deployment};

use crate::routes::behind::may_be_same;

/// A program of a root with the routes that lead to it.
pub(super) struct Led<'a> {
    pub(super) program: &'a Program,
    pub(super) served: &'a Served,
    /// The backend that it answers for; the first, where it has several.
    pub(super) backend: &'a Backend,
    /// The tables that have such a route.
    pub(super) tables: Vec<&'a Table>,
    /// The routes.
    pub(super) routes: Vec<&'a Route>,
    /// Whether other services find it by a name of its own, so that only what browsers ask for has to be routed.
    pub(super) is_discovered: bool,
}

/// The programs that routes lead to and no default does, where all that leads to them is known and public.
pub(super) fn led<'a>(deployment: &'a Deployment, root: &'a AwsRoot) -> Vec<Led<'a>> {
    let mut by_program: BTreeMap<ProgramId, Vec<&Backend>> = BTreeMap::new();
    for backend in &root.backends {
        if let Ok(id) = &backend.program {
            by_program.entry(*id).or_default().push(backend);
        }
    }
    let programs = by_program.into_iter().filter_map(|(id, backends)| {
        let program = deployment.program(id)?;
        let Serves::Registered(served) = &program.serves else { return None };
        let leads = |destination: &Destination| {
            destination.targets().iter().any(|target| {
                root.backends.iter().any(|backend| {
                    backend.target == *target
                        && backends.iter().any(|own| may_be_same(own, backend, deployment))
                })
            })
        };
        let tables: Vec<&Table> =
            root.tables.iter().filter(|table| table.destinations().any(leads)).collect();
        let is_known = tables.iter().all(|table| table.is_public() && table.open.is_none());
        let is_default = tables.iter().any(|table| leads(&table.default));
        let is_discovered = backends.iter().any(|backend| backend.is_discovered);
        if !is_known || is_default {
            return None;
        }
        let routes =
            tables.iter().flat_map(|table| table.routes.iter()).filter(|route| leads(&route.destination));
        let routes: Vec<&Route> = routes.collect();
        Some(Led { program, served, backend: backends.first()?, tables, routes, is_discovered })
    });
    programs.collect()
}
