//! Whether anything beside Terraform makes routes of subnets.

use std::sync::LazyLock;

use policy_text::source::Sources;

use crate::link::signs::Signs;
use crate::model::AwsRoot;
use crate::model::service::Service;

/// What is written where a command or code makes a route, in lower case.
const SIGNS: [&str; 6] =
    ["create-route", "replace-route", "create_route", "replace_route", "createroute", "replaceroute"];

/// What a table of routes is made by, which makes none of them.
const TABLES: &str = "create-route-table";

/// Whether anything shows that, looked for where it matters: tasks of Fargate fetch their image by the routes.
pub(super) fn is_there(roots: &[AwsRoot], sources: &Sources<'_>) -> bool {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of(SIGNS).outside(TABLES));
    let services = roots.iter().flat_map(|root| &root.services);
    services.into_iter().any(Service::is_on_fargate) && ALL.are_written(sources, |_| true)
}
