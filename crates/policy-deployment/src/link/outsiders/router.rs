//! Whether anything beside Terraform makes routes of subnets.

use std::sync::LazyLock;

use crate::link::signs::Signs;
use crate::model::AwsRoot;
use crate::model::service::Service;

/// What is written where a command or code makes a route.
const SIGNS: [&str; 6] =
    ["create-route", "replace-route", "create_route", "replace_route", "createroute", "replaceroute"];

/// What a table of routes is made by, which makes none of them.
const TABLES: &str = "create-route-table";

/// Whether it matters: tasks of Fargate fetch their image by the routes.
pub(super) fn matters(roots: &[AwsRoot]) -> bool {
    roots.iter().flat_map(|root| &root.services).any(Service::is_on_fargate)
}

/// What shows that something else makes routes.
pub(super) fn signs() -> &'static Signs {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS).outside(TABLES));
    &ALL
}
