//! Route tables and the subnets that they are for, from Terraform.

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_terraform::resolve::value::{Reference, Value};
use policy_terraform::resolve::world::{Block, Resource, Root};
use policy_text::source::Span;

use crate::model::route::{Routes, SubnetRoutes, Way};

/// The type of route tables.
pub(super) const TABLE: &str = "aws_route_table";

const ROUTE: &str = "aws_route";
const ASSOCIATION: &str = "aws_route_table_association";
const ENDPOINT: &str = "aws_vpc_endpoint";

/// The types of resources that are read.
pub(super) const KINDS: [&str; 4] = [TABLE, ROUTE, ASSOCIATION, ENDPOINT];

/// The arguments of a route that are targets.
const TARGETS: [&str; 10] = [
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "vpc_peering_connection_id",
    "network_interface_id",
    "egress_only_gateway_id",
    "vpc_endpoint_id",
    "local_gateway_id",
    "carrier_gateway_id",
    "core_network_arn",
];

/// The routes of a root module and all modules that it calls.
pub(super) fn routes(root: &Root) -> Routes {
    let of_kind = |kind: &'static str| root.resources.iter().filter(move |resource| &*resource.kind == kind);
    let mut tables: BTreeMap<Arc<str>, (Span, Way)> =
        of_kind(TABLE).map(|table| (table.address.clone(), (table.at, of_table(root, table)))).collect();
    for route in of_kind(ROUTE) {
        let way = way(&route.body, route.at, route.certain);
        match named(&route.body, "route_table_id").and_then(|table| tables.get_mut(&table.address)) {
            Some((_, known)) => *known = known.or(way),
            // It may be a route of any table.
            None => tables.values_mut().for_each(|(_, known)| *known = Way::OtherOrUnknown),
        }
    }
    let mut subnets: BTreeMap<Arc<str>, SubnetRoutes> = BTreeMap::new();
    let mut is_stray = false;
    for association in of_kind(ASSOCIATION) {
        let Some(subnet) = named(&association.body, "subnet_id") else {
            is_stray |= association.body.argument("gateway_id").is_none();
            continue;
        };
        let table = named(&association.body, "route_table_id");
        // Whoever reads an output may add routes to the table that it hands out.
        let is_given_away = |table: &str| root.outputs.values().any(|output| output.refers_to(table));
        let (table_at, way) = match table.and_then(|table| tables.get_key_value(&table.address)) {
            Some((table, (at, Way::None))) if is_given_away(table) => (*at, Way::OtherOrUnknown),
            Some((_, (at, way))) if association.certain => (*at, *way),
            _ => (association.at, Way::OtherOrUnknown),
        };
        let routes = SubnetRoutes { subnet: subnet.address.clone(), table_at, way };
        subnets
            .entry(subnet.address.clone())
            .and_modify(|other| other.way = other.way.or(way))
            .or_insert(routes);
    }
    let of_others = |source: &str| source.is_empty() || source.contains("endpoint") || source.contains("vpc");
    Routes {
        subnets: if is_stray { Vec::new() } else { subnets.into_values().collect() },
        has_endpoints: of_kind(ENDPOINT).next().is_some()
            || root.remote_calls.iter().any(|call| of_others(&call.source)),
    }
}

fn of_table(root: &Root, table: &Resource) -> Way {
    // A module that is not in the repository may add routes to a table that it is given.
    let given_away = root.is_passed_to_external_module(&table.address);
    let body = &table.body;
    if given_away || !table.certain || body.may_have_more("route") || body.get("route").is_some() {
        return Way::OtherOrUnknown;
    }
    body.blocks("route").fold(Way::None, |known, route| known.or(way(route, route.at, true)))
}

/// Where a route leads.
fn way(route: &Block, at: Span, certain: bool) -> Way {
    let mut targets =
        TARGETS.iter().filter_map(|target| route.argument(target)).filter(|target| !target.value.is_null());
    let gateway = targets.next().and_then(|target| target.value.as_reference());
    let is_internet = gateway.is_some_and(|gateway| gateway.address.contains("aws_internet_gateway."));
    if is_internet && certain && targets.next().is_none() {
        Way::InternetGateway(at)
    } else {
        Way::OtherOrUnknown
    }
}

fn named<'b>(body: &'b Block, name: &str) -> Option<&'b Reference> {
    body.get(name).and_then(Value::as_reference)
}

impl Way {
    /// Both ways together.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, way) | (way, Self::None) => way,
            (Self::InternetGateway(at), Self::InternetGateway(_)) => Self::InternetGateway(at),
            _ => Self::OtherOrUnknown,
        }
    }
}
