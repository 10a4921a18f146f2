//! What code asks for: its sockets, its requests, and what the development servers of its pages send on.

use policy_script::development_proxy::DevelopmentProxy;
use policy_script::endpoint::Endpoint;
use policy_script::request::Request;
use policy_script::{Scripts, development_proxies, endpoints, requests};

use super::pipeline_variable;
use crate::files::Parsed;
use crate::model::AwsRoot;
use crate::model::routing::{Entrance, Site, Table};

/// The calls of all code.
pub(super) struct Calls {
    /// Its sockets.
    pub(super) endpoints: Vec<Endpoint>,
    /// Its requests.
    pub(super) requests: Vec<Request>,
    /// What its development servers send to a backend.
    pub(super) development_proxies: Vec<DevelopmentProxy>,
}

impl Calls {
    /// Those of all `scripts`. Requests are looked for only where an entrance says where they end.
    pub(super) fn of(scripts: &Scripts<'_>, roots: &[AwsRoot], sites: &[Site], parsed: &Parsed) -> Self {
        let mut endpoints = endpoints(scripts);
        pipeline_variable::leave_out_fallbacks(&mut endpoints, parsed);
        let (mut requests_of_pages, mut proxies) = (Vec::new(), Vec::new());
        if has_routes(roots, sites) {
            requests_of_pages = requests(scripts);
            proxies = development_proxies(scripts);
        }
        Self { endpoints, requests: requests_of_pages, development_proxies: proxies }
    }
}

/// Whether any entrance chooses by the path of a request.
fn has_routes(roots: &[AwsRoot], sites: &[Site]) -> bool {
    let chooses =
        |table: &Table| !table.routes.is_empty() || matches!(table.entrance, Entrance::Distribution { .. });
    roots.iter().flat_map(|root| &root.tables).any(chooses)
        || sites.iter().flat_map(|site| &site.tables).any(|table| table.open.is_none())
}
