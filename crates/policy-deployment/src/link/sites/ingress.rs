//! The Ingresses of a cluster as entrances: a table for each host.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::target;
use crate::model::ingress::{Controller, Ingress, IngressPath, Rewrite};
use crate::model::program::{Backend, ProgramId};
use crate::model::routing::{Destination, Entrance, Open, Order, Route, RoutePath, Site, Table};
use crate::read::ingress::ClusterService;

/// How many paths of every host all hosts together may get.
const MOST_SHARED: usize = 100_000;

/// The site of the cluster that the Ingresses are for: a table for each host. None where no controller is known to take them.
/// Behind it are the services that it names, and those of the cluster beside them.
pub(in super::super) fn of_ingresses<'a>(
    ingresses: &[Ingress],
    services: impl Iterator<Item = (&'a ClusterService, ProgramId)>,
) -> Option<Site> {
    let mut by_host: BTreeMap<Option<&str>, Vec<(&Ingress, &IngressPath)>> = BTreeMap::new();
    for ingress in ingresses {
        for path in &ingress.paths {
            by_host.entry(path.host.as_deref()).or_default().push((ingress, path));
        }
    }
    // Who asks a host that has paths of its own gets those of every host, too.
    let of_all = by_host.get(&None).cloned().unwrap_or_default();
    let are_too_many = by_host.len().saturating_mul(of_all.len()) > MOST_SHARED;
    let tables = by_host.into_iter().filter_map(|(host, mut paths)| {
        if host.is_some() && !are_too_many {
            paths.extend(&of_all);
        }
        let mut table = of_host(host, &paths)?;
        if host.is_some() && are_too_many {
            let why = "there are too many hosts for the paths of every host".to_owned();
            table.open = Some(Open { at: table.at, why });
        }
        Some(table)
    });
    let tables: Vec<Table> = tables.collect();
    let services = services.map(|(service, program)| (&service.name, service.at, Ok(program)));
    let named = ingresses.iter().flat_map(|own| own.paths.iter().map(move |path| (own, path)));
    let named = named.map(|(ingress, path)| {
        let program = path.program.ok_or_else(|| "its image is unknown".to_owned());
        (&path.service, ingress.at, program)
    });
    let mut backends: Vec<Backend> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for (name, at, program) in services.chain(named) {
        if known.insert(name) {
            let target = target(name);
            backends.push(Backend {
                service: Arc::clone(&target.address),
                at,
                task: Arc::clone(&target.address),
                container: name.clone(),
                port: None,
                program,
                is_discovered: true,
                target,
            });
        }
    }
    (!tables.is_empty()).then_some(Site { tables, backends })
}

/// The table of one host: paths that are compared as a whole, then the longest first.
fn of_host(host: Option<&str>, paths: &[(&Ingress, &IngressPath)]) -> Option<Table> {
    let (first, _) = paths.first()?;
    let default = paths.iter().find_map(|(ingress, _)| ingress.default.as_ref());
    let mut open = None;
    let mut routes: Vec<Route> = Vec::new();
    for (ingress, path) in paths {
        let why = match (path.takes(), &ingress.rewrite, ingress.controller) {
            (None, ..) => "the controller decides what a path matches",
            (_, Rewrite::To(..) | Rewrite::Unknown, _) => "the controller rewrites paths",
            (.., Controller::Other) => "its controller is unknown",
            (Some(takes), Rewrite::None, Controller::Nginx | Controller::Aws) => {
                let takes = takes.into_iter().map(|pattern| RoutePath { pattern, at: path.at });
                routes.push(Route {
                    name: path.written.as_str().into(),
                    at: path.at,
                    number: None,
                    paths: Some(takes.collect()),
                    narrowed_by: Vec::new(),
                    destination: Destination::Targets(vec![target(&path.service)]),
                });
                continue;
            }
        };
        open.get_or_insert_with(|| Open { at: path.at, why: why.to_owned() });
    }
    let is_prefix =
        |route: &Route| route.paths.iter().flatten().any(|path| path.pattern.as_literal().is_none());
    routes.sort_by_key(|route| (std::cmp::Reverse(route.name.trim_end_matches('/').len()), is_prefix(route)));
    let differ = |pair: &[Route]| match pair {
        [one, other] => {
            one.name == other.name
                && is_prefix(one) == is_prefix(other)
                && one.destination.targets() != other.destination.targets()
        }
        _ => false,
    };
    if let Some([_, other]) = routes.windows(2).find(|pair| differ(pair)) {
        let why = "one path is sent to several services".to_owned();
        open.get_or_insert(Open { at: other.at, why });
    }
    Some(Table {
        entrance: Entrance::Ingress { host: host.map(ToOwned::to_owned) },
        name: match host {
            Some(host) => format!("Ingress of {host}").into(),
            None => "Ingress".into(),
        },
        at: first.at,
        port: None,
        routes: routes.into(),
        order: Order::InTurn,
        default: default.map_or(Destination::Answer, |service| Destination::Targets(vec![target(service)])),
        open,
    })
}
