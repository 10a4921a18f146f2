//! Requests of pages that come to the nginx of a compose file or to an Ingress, and end where nothing answers them.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::Deployment;
use policy_core::model::development_proxy::DevelopmentProxy;
use policy_core::model::endpoint::Host;
use policy_core::model::program::{Answers, Backend, Registration};
use policy_core::model::request::Request;
use policy_core::model::routing::{Arrival, Destination, Entrance, Part, PathPattern, Site, Table};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::asked::taken_by;
use super::behind::{backend_among, lacks};
use super::development::own_proxy;
use super::handlers::{answering, group};
use super::many_calls::{counted, with_others};
use super::pages::Pages;

/// A call of a page that is lost at every entrance of the page.
struct Lost<'a> {
    request: &'a Request,
    path: PathPattern,
    table: &'a Table,
    arrival: Arrival<'a>,
    end: End<'a>,
    proof: Proof<'a>,
}

/// Where a lost call ends.
enum End<'a> {
    /// At the entrance: with a file or the page in its place, or with an answer of its own.
    Entrance,
    /// At a container that does not serve it.
    Container(&'a Backend),
}

/// What shows that a program is meant to answer.
enum Proof<'a> {
    /// It serves the path that the page asks for.
    Serves(&'a Backend, &'a Registration),
    /// It serves what is left of the path without a prefix.
    ServesRest(&'a Backend, &'a Registration, PathPattern),
    /// The development server of the page sends it on.
    Development(&'a DevelopmentProxy),
}

/// What the calls of one cause have in common: the table, what takes them, and the group of what would answer.
type Cause = (Span, Option<Span>, String);

/// The findings for the pages of all sites.
pub(crate) fn errors<'a>(context: &Context<'a>, pages: &Pages<'a>) -> Vec<Finding> {
    let mut causes: BTreeMap<Cause, Vec<Lost<'_>>> = BTreeMap::new();
    for request in context.deployment.requests.iter().filter(|request| request.code.shipped.is_some()) {
        if let Some(lost) = lost(context, pages, request) {
            let by = lost.arrival.landing.by.map(|route| route.at);
            causes.entry((lost.table.at, by, lost.group())).or_default().push(lost);
        }
    }
    causes.values().filter_map(|lost| finding(lost)).collect()
}

fn lost<'a>(context: &Context<'a>, pages: &Pages<'a>, request: &'a Request) -> Option<Lost<'a>> {
    let deployment = context.deployment;
    let path = request.target().filter(|target| target.host == Host::Page)?.path.clone();
    if !path.literal_start().starts_with('/') || may_enter_by_aws(deployment, pages, request, &path) {
        return None;
    }
    let mut found = None;
    for site in &deployment.sites {
        let Some(page) = pages.container_among(&site.backends, request.sent_at.file) else { continue };
        for table in entrances(site, page) {
            let lost = lost_at(context, site, table, page, request, &path)?;
            found = found.or(Some(lost));
        }
    }
    found
}

/// Whether an entrance of AWS may lead to the page, and not only to the same end.
fn may_enter_by_aws(
    deployment: &Deployment,
    pages: &Pages<'_>,
    request: &Request,
    path: &PathPattern,
) -> bool {
    deployment.roots.iter().any(|root| {
        let is_unknown = |table: &Table| {
            table.destinations().any(|destination| match destination {
                Destination::Bucket => !table
                    .certain_landing(path)
                    .is_some_and(|landing| matches!(landing.destination, Destination::Bucket)),
                Destination::Unknown => true,
                other => other.targets().iter().any(|target| {
                    backend_among(&root.backends, target).and_then(|own| deployment.program_of(own)).is_none()
                }),
            })
        };
        pages.container_of(root, request.sent_at.file).is_some() || root.tables.iter().any(is_unknown)
    })
}

/// The entrances of a site that give the page: those that pass requests for it on, or else its own nginx.
fn entrances<'a>(site: &'a Site, page: &Backend) -> Vec<&'a Table> {
    let Some(home) = PathPattern::literal("/") else { return Vec::new() };
    let gives = |table: &Table, itself: bool| {
        let Some(arrival) = table.arrival(&home) else { return false };
        match (arrival.landing.destination, &table.entrance) {
            (Destination::Files, Entrance::Proxy { service, .. }) => itself && *service == page.target,
            (destination, _) => !itself && destination.targets().contains(&page.target),
        }
    };
    let before: Vec<&Table> = site.tables.iter().filter(|table| gives(table, false)).collect();
    if before.is_empty() { site.tables.iter().filter(|table| gives(table, true)).collect() } else { before }
}

fn lost_at<'a>(
    context: &Context<'a>,
    site: &'a Site,
    table: &'a Table,
    page: &Backend,
    request: &'a Request,
    path: &PathPattern,
) -> Option<Lost<'a>> {
    let deployment = context.deployment;
    let arrival = table.arrival(path).filter(|_| table.is_public())?;
    let (end, may_be_rest) = match arrival.landing.destination {
        Destination::Files | Destination::Answer => (End::Entrance, false),
        Destination::Targets(targets) => {
            let [target] = targets.as_slice() else { return None };
            let backend = backend_among(&site.backends, target)?;
            let program = deployment.program_of(backend)?;
            let wanted = Answers::Requests(request.methods.clone());
            if !lacks(program, &arrival.paths, &wanted)? {
                return None;
            }
            (End::Container(backend), backend.target != page.target)
        }
        _ => return None,
    };
    let others = || site.backends.iter().filter(|backend| backend.program != page.program);
    let serving = |path: &PathPattern| {
        others().find_map(|backend| {
            Some((backend, answering(deployment.program_of(backend)?, path, &request.methods)?))
        })
    };
    let proof = match serving(path) {
        Some((backend, registration)) => Proof::Serves(backend, registration),
        None if may_be_rest => {
            let rest = rest(&arrival.paths)?;
            let End::Container(reached) = &end else { return None };
            let (backend, registration) = serving(&rest).filter(|(own, _)| own.target == reached.target)?;
            Proof::ServesRest(backend, registration, rest)
        }
        // What the page gets in its place is the page.
        None if matches!(arrival.landing.destination, Destination::Files)
            || matches!(end, End::Container(backend) if backend.target == page.target) =>
        {
            Proof::Development(own_proxy(context, request.sent_at.file, path)?)
        }
        None => return None,
    };
    Some(Lost { request, path: path.clone(), table, arrival, end, proof })
}

/// The paths without their first part. `None` where nothing is left that tells a handler.
fn rest(paths: &PathPattern) -> Option<PathPattern> {
    let start = paths.literal_start();
    let slash = start.get(1..)?.find('/')? + 1;
    let left = start.get(slash..)?;
    let following = paths.parts().get(1..)?.iter().cloned();
    PathPattern::new([Part::Literal(left.to_owned())].into_iter().chain(following))
}

impl Lost<'_> {
    /// What would answer, as far as the calls of one cause share it.
    fn group(&self) -> String {
        match &self.proof {
            Proof::Serves(_, registration) | Proof::ServesRest(_, registration, _) => group(registration),
            Proof::Development(proxy) => proxy.paths.to_string(),
        }
    }
}

fn finding(lost: &[Lost<'_>]) -> Option<Finding> {
    let first = lost.first()?;
    let Lost { request, path, table, arrival, end, proof } = first;
    let name = &table.name;
    let is_file = matches!(arrival.landing.destination, Destination::Files);
    let ends = match end {
        End::Entrance if is_file => format!("{name} answers with the page, or with 404"),
        End::Entrance => format!("{name} returns a response of its own"),
        End::Container(backend) if arrival.paths == *path => {
            format!("{name} sends it to `{}`, which does not serve it", backend.container)
        }
        End::Container(backend) => {
            format!(
                "{name} sends it to `{0}` as `{1}`, which `{0}` does not serve",
                backend.container, arrival.paths
            )
        }
    };
    let (meant, proven) = match proof {
        Proof::Serves(backend, registration) => (
            format!("does not reach the handler of `{}` that serves it", backend.container),
            Label::new(
                registration.at,
                format!("`{}` serves `{}` here", backend.container, registration.path),
            ),
        ),
        Proof::ServesRest(backend, registration, rest) => (
            format!("does not reach the handler of `{}`", backend.container),
            Label::new(
                registration.at,
                format!("`{}` serves `{rest}`, without the prefix", backend.container),
            ),
        ),
        Proof::Development(proxy) => (
            "reaches no program".to_owned(),
            Label::new(proxy.at, "the development server of the page sends such requests to a program"),
        ),
    };
    let message = format!("the request for `{path}` {meant}: {ends}{}", counted(lost.len()));
    let label = format!("{} requests `{path}` from the page's own host", request.opener);
    let others = lost.iter().map(|other| (other.request.at, &other.path));
    let finding = with_others(Finding::new(message, Label::new(request.at, label)), others)
        .related(taken_by(table, &arrival.landing))
        .related(proven);
    Some(finding.help(help(first)))
}

fn help(lost: &Lost<'_>) -> String {
    let prefix = lost.group();
    let prefix = prefix.trim_end_matches(['*', '/']);
    let (is_nginx, table) = (matches!(lost.table.entrance, Entrance::Proxy { .. }), &lost.table.name);
    match (&lost.proof, &lost.end) {
        (Proof::ServesRest(backend, ..), _) => {
            format!(
                "let {table} strip the prefix, or serve the paths of `{}` under the prefix",
                backend.container
            )
        }
        (Proof::Serves(backend, _), End::Container(own)) if own.target == backend.target => {
            format!(
                "let {table} forward the path unchanged: write `proxy_pass` without a path after the port"
            )
        }
        (Proof::Serves(backend, _), _) if is_nginx => {
            format!("add a `location {prefix}` with `proxy_pass` to `{}` to {table}", backend.container)
        }
        (Proof::Serves(backend, _), _) => {
            format!("add a path `{prefix}` with the service `{}` to the {table}", backend.container)
        }
        (Proof::Development(_), _) if is_nginx => {
            format!("add a `location {prefix}` with `proxy_pass` to the program to {table}")
        }
        (Proof::Development(_), _) => {
            format!("add a path `{prefix}` with the program's service to the {table}")
        }
    }
}
