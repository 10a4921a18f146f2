//! Requests of pages, workflows and scripts, with the routing tables that they come to.

use policy_core::finding::Label;
use policy_core::model::AwsRoot;
use policy_core::model::endpoint::Host;
use policy_core::model::outside_request::OutsideRequest;
use policy_core::model::program::{Backend, Methods};
use policy_core::model::request::{Request, Target};
use policy_core::model::routing::{Destination, Entrance, Landing, PathPattern, Table};
use policy_core::model::told_request::ToldRequest;
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};

use super::bucket::only_page;
use super::pages::Pages;

/// A request, and the tables of a root that take it.
pub(super) struct Asked<'a> {
    pub(super) at: Span,
    /// Who asks, as a label of the place.
    pub(super) label: String,
    pub(super) path: PathPattern,
    pub(super) methods: &'a Methods,
    pub(super) tables: Vec<&'a Table>,
    /// What sends it.
    pub(super) by: By<'a>,
}

/// What sends a request.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    /// The code of this file of a page that asks its own host, and what serves that page.
    Page(FileId, Option<&'a Backend>),
    /// The code of a page that names the entrance.
    PageByName,
    /// A program of the root, to an address that a variable tells it.
    Program(&'a ToldRequest),
    /// What sees whether a program answers behind the entrance.
    Check,
}

impl<'a> Asked<'a> {
    /// What serves the page that asks its own host.
    fn page(&self) -> Option<&'a Backend> {
        match self.by {
            By::Page(_, page) => page,
            By::PageByName | By::Program(_) | By::Check => None,
        }
    }
}

/// The requests that entrances of `root` take.
pub(super) fn asked<'a>(context: &Context<'a>, pages: &Pages<'a>, root: &'a AwsRoot) -> Vec<Asked<'a>> {
    let deployment = context.deployment;
    let in_bucket = only_page(context, root);
    let own_host = |request| by_page(pages, root, in_bucket, request);
    let of_pages = deployment.requests.iter().filter(|request| request.code.shipped.is_some());
    let of_pages = of_pages.filter_map(|request| by_name(root, request).or_else(|| own_host(request)));
    let others = deployment.outside_requests.iter().filter_map(|request| from_outside(root, request));
    let of_programs = root.told_requests.iter().filter_map(|request| from_program(root, request));
    of_pages.chain(others).chain(of_programs).collect()
}

/// A request of a page that names an entrance: so does every address that it can have in production.
fn by_name<'a>(root: &'a AwsRoot, request: &'a Request) -> Option<Asked<'a>> {
    let mut found: Option<Asked<'a>> = None;
    for target in request.targets() {
        let (tables, url) = root.tables_asked(&target.address.to_text())?;
        let path = Target::of(&url)?.path;
        let is_same = |first: &Asked<'_>| {
            first.path == path
                && first.tables.iter().map(|table| table.at).eq(tables.iter().map(|table| table.at))
        };
        match &found {
            Some(first) if !is_same(first) => return None,
            Some(_) => {}
            None => {
                let label = format!("{} requests `{path}` from {}", request.opener, named(&tables));
                let (at, methods) = (request.at, &request.methods);
                found = Some(Asked { at, label, path, methods, tables, by: By::PageByName });
            }
        }
    }
    found
}

/// A request of a page to its own host: the tables that lead to what serves the page, a container or else the bucket of
/// the only distribution that has one.
fn by_page<'a>(
    pages: &Pages<'a>,
    root: &'a AwsRoot,
    in_bucket: Option<&'a Table>,
    request: &'a Request,
) -> Option<Asked<'a>> {
    let path = request.target().filter(|target| target.host == Host::Page)?.path.clone();
    let file = request.sent_at.file;
    let page = pages.container_of(root, file);
    let tables: Vec<&Table> = match page {
        Some(page) => root.tables.iter().filter(|table| leads_to(table, page)).collect(),
        None => in_bucket.filter(|_| !pages.is_in_container(file)).into_iter().collect(),
    };
    let label = format!("{} requests `{path}` from the page's own host", request.opener);
    Some(Asked { at: request.at, label, path, methods: &request.methods, tables, by: By::Page(file, page) })
}

fn from_outside<'a>(root: &'a AwsRoot, request: &'a OutsideRequest) -> Option<Asked<'a>> {
    let (tables, url) = root.tables_asked(&request.url)?;
    let path = Target::of(&url)?.path;
    let label = format!("`{}` requests `{path}` from {}", request.by, named(&tables));
    Some(Asked { at: request.at, label, path, methods: &request.methods, tables, by: By::Check })
}

fn from_program<'a>(root: &'a AwsRoot, request: &'a ToldRequest) -> Option<Asked<'a>> {
    let (tables, url) = root.tables_asked(&request.url)?;
    let path = Target::of(&url)?.path;
    let label = format!("`{}` requests `{path}` from the URL in `{}`", request.owner, request.variable);
    let (at, methods) = (request.at, &request.methods);
    Some(Asked { at, label, path, methods, tables, by: By::Program(request) })
}

/// What messages call the entrance that these tables are of.
fn named(tables: &[&Table]) -> &'static str {
    match tables.first().map(|table| &table.entrance) {
        Some(Entrance::Distribution { .. }) => "the distribution",
        _ => "the load balancer",
    }
}

pub(super) fn leads_to(table: &Table, backend: &Backend) -> bool {
    table.destinations().any(|destination| destination.targets().contains(&backend.target))
}

/// Where the requests end that come to `table`, at each listener behind it: nowhere where the client is told to ask again. A
/// page asks the host that it has come from. `None` where that is not certain.
pub(super) fn ends<'a>(
    root: &'a AwsRoot,
    table: &'a Table,
    asked: &Asked<'_>,
) -> Option<Vec<(&'a Table, Landing<'a>)>> {
    if !table.is_public() && !matches!(asked.by, By::Program(_)) {
        return None;
    }
    let hosts = asked.page().map(|page| hosts_of(table, page)).unwrap_or_default();
    if !hosts.is_empty() {
        let landings = hosts.iter().map(|host| table.certain_landing_at(&asked.path, host.as_deref()));
        let landings: Option<Vec<Landing<'_>>> = landings.collect();
        let is_end = |landing: &Landing<'_>| !matches!(landing.destination, Destination::Redirect);
        return landings.map(|all| all.into_iter().filter(is_end).map(|landing| (table, landing)).collect());
    }
    inner_ends(root, table, &asked.path)
}

/// Where requests for these paths end that come from within the network: nowhere where the client is told to ask again.
pub(super) fn inner_ends<'a>(
    root: &'a AwsRoot,
    table: &'a Table,
    paths: &PathPattern,
) -> Option<Vec<(&'a Table, Landing<'a>)>> {
    match table.certain_landing(paths)? {
        Landing { destination: Destination::Redirect, .. } => Some(Vec::new()),
        Landing { destination: Destination::Balancer(address), .. } => {
            let is_of_balancer = |table: &&Table| matches!(&table.entrance, Entrance::Listener { balancer, .. } if balancer.as_ref() == Some(address));
            let behind = root.tables.iter().filter(is_of_balancer);
            let behind = behind.map(|table| Some((table, table.certain_landing(paths)?)));
            let behind: Option<Vec<_>> = behind.collect();
            let is_end =
                |(_, landing): &(&Table, Landing<'_>)| !matches!(landing.destination, Destination::Redirect);
            behind.map(|behind| behind.into_iter().filter(is_end).collect())
        }
        landing => Some(vec![(table, landing)]),
    }
}

/// The hosts at which a table gives the page to those who ask for its root; none where routes look at no host.
fn hosts_of(table: &Table, page: &Backend) -> Vec<Option<String>> {
    let hosts = table.hosts();
    let Some(root) = PathPattern::literal("/").filter(|_| hosts.len() > 1) else { return Vec::new() };
    let gives_page = |host: &Option<String>| {
        let landing = table.certain_landing_at(&root, host.as_deref());
        landing.is_some_and(|landing| landing.destination.targets().contains(&page.target))
    };
    hosts.into_iter().filter(gives_page).collect()
}

/// What takes requests first, as a label of its place.
pub(super) fn taken_by(table: &Table, landing: &Landing<'_>) -> Label {
    match landing.by {
        Some(route) => Label::new(route.at, format!("`{}` matches first", route.name)),
        None => Label::new(table.at, unmatched(table)),
    }
}

/// What becomes of a request that no route of `table` matches, as a label of the table.
pub(super) fn unmatched(table: &Table) -> &'static str {
    match table.entrance {
        Entrance::Listener { .. } => "no rule matches, so the default action handles the request",
        Entrance::Distribution { .. } => "no behavior matches, so the default behavior handles the request",
        Entrance::Proxy { .. } | Entrance::Ingress { .. } => "nothing else matches the request",
    }
}
