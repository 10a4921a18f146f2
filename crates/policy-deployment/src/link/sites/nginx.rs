//! The nginx of compose files as entrances, with the services behind them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use policy_text::source::{FileId, Sources, Span};

use super::{fronts, target};
use crate::model::built_image::BuiltImage;
use crate::model::compose_service::ComposeService;
use crate::model::nginx_image::{
    Configuration, Location, Matcher, NginxImage, Pass, Server, Step, Variables, variables,
};
use crate::model::routing::{
    Destination, Entrance, Narrowing, Open, Order, PathPattern, Route, RoutePath, Site, Table, Target,
};

/// The sites of all compose files in which a service runs nginx; the backends are not known yet.
pub(in super::super) fn of_compose(
    services: &[ComposeService],
    built: &[BuiltImage],
    sources: &Sources<'_>,
) -> Vec<(FileId, Site)> {
    let mut by_file: BTreeMap<FileId, Vec<&ComposeService>> = BTreeMap::new();
    for service in services {
        by_file.entry(service.at.file).or_default().push(service);
    }
    let sites = by_file.into_iter().map(|(file, services)| {
        let names: HashSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
        let mut known = Known::new();
        let tables = services
            .iter()
            .flat_map(|service| tables(service, &services, &names, built, &mut known))
            .collect();
        (file, Site { tables, backends: Vec::new() })
    });
    let mut sites: Vec<_> = sites.filter(|(_, site)| !site.tables.is_empty()).collect();
    let mut tables = sites.iter().flat_map(|(_, site)| &site.tables);
    if tables.any(|table| table.open.is_none())
        && let Some(at) = fronts::another(services, built, sources)
    {
        let open = Open { at, why: "this file may configure a proxy in front of it".to_owned() };
        for table in sites.iter_mut().flat_map(|(_, site)| &mut site.tables) {
            table.open.get_or_insert_with(|| open.clone());
        }
    }
    sites
}

/// What nginx makes of an image, once for all services of a file that fill it alike: they may be many.
type Known = BTreeMap<(*const NginxImage, Variables), Shared>;

struct Shared {
    gap: Option<Span>,
    servers: Vec<(Arc<Server>, Arc<[Route]>)>,
}

impl Shared {
    fn of(configuration: &Configuration, services: &HashSet<&str>) -> Self {
        let reader = Reader { configuration, services };
        let servers = configuration.servers.iter();
        let servers =
            servers.map(|server| (Arc::new(server.clone()), reader.routes(server).into())).collect();
        Self { gap: configuration.gaps.first().copied(), servers }
    }
}

/// The tables of the servers that the nginx of a service has.
fn tables(
    service: &ComposeService,
    all: &[&ComposeService],
    names: &HashSet<&str>,
    built: &[BuiltImage],
    known: &mut Known,
) -> Vec<Table> {
    let Some((image, variables, doubt)) = image(service, built) else { return Vec::new() };
    let variables = if image.templates.is_empty() { Variables::new() } else { variables };
    let shared = known
        .entry((std::ptr::from_ref(image), variables))
        .or_insert_with_key(|(_, variables)| Shared::of(&image.configured(variables).configuration, names));
    let gap = shared.gap;
    let gap = gap.or(doubt).map(|at| (at, "a part of its configuration is unknown"));
    let front = service.fronted.map(|at| (at, "another proxy is in front of it"));
    let other = all.iter().filter(|other| other.name != service.name).find_map(|other| other.web_port);
    let other = other.filter(|_| service.web_port.is_none());
    let other = other.map(|at| (at, "another service publishes port 80 or 443"));
    let open = gap.or(front).or(other).map(|(at, why)| Open { at, why: why.to_owned() });
    let is_published = service.ports.as_ref().is_none_or(|ports| !ports.is_empty());
    let table = |(server, routes): &(Arc<Server>, Arc<[Route]>)| Table {
        entrance: Entrance::Proxy { service: target(&service.name), is_published },
        name: format!("nginx in `{}`", service.name).into(),
        at: server.at,
        port: server.listens.first().and_then(|listen| listen.port).map(i64::from),
        routes: Arc::clone(routes),
        order: Order::Nginx(Arc::clone(server)),
        default: Destination::Files,
        open: open.clone().or_else(|| {
            let why = "a part of its configuration is unknown".to_owned();
            Some(Open { at: server.gap?, why })
        }),
    };
    shared.servers.iter().map(table).collect()
}

/// The image whose configuration a service starts, the variables that fill it, and what leaves a part of it open. `None` where it
/// runs no nginx.
fn image<'a>(
    service: &'a ComposeService,
    built: &'a [BuiltImage],
) -> Option<(&'a NginxImage, Variables, Option<Span>)> {
    if let Some(mounted) = &service.nginx {
        return Some((&mounted.image, mounted.variables.clone(), mounted.image.doubt));
    }
    let images = service.built(built);
    let [image] = images.as_slice() else { return None };
    let nginx = image.nginx.as_ref().filter(|nginx| nginx.is_alone)?;
    let start = service.start.as_ref()?;
    if start.command.is_set() || start.entry_point.is_set() {
        return None;
    }
    let variables = variables(&image.stage, Some(&start.environment));
    Some((nginx, variables, nginx.doubt.or(service.changes_nginx)))
}

struct Reader<'a> {
    configuration: &'a Configuration,
    /// The names of the services that it may pass to.
    services: &'a HashSet<&'a str>,
}

/// An upstream of more servers is not followed.
const MOST_SERVERS: usize = 64;

impl Reader<'_> {
    /// The locations as routes: those that are compared as a whole, then the longest first, then the expressions.
    fn routes(&self, server: &Server) -> Vec<Route> {
        let mut routes: Vec<Route> = Vec::new();
        let mut pending: Vec<&Location> = server.locations.iter().rev().collect();
        while let Some(location) = pending.pop() {
            routes.extend(self.route(location));
            pending.extend(location.nested.iter().rev());
        }
        routes.sort_by_key(|route| {
            let expression = !route.narrowed_by.is_empty();
            let pattern = route.paths.as_ref().and_then(|paths| paths.first()).map(|path| &path.pattern);
            let is_exact = pattern.is_some_and(|pattern| pattern.as_literal().is_some());
            let length = pattern.map_or(0, |pattern| pattern.literal_start().len());
            (expression, !is_exact, std::cmp::Reverse(length))
        });
        routes
    }

    fn route(&self, location: &Location) -> Option<Route> {
        let at = location.at;
        let only = |pattern: PathPattern| Some(vec![RoutePath { pattern, at }]);
        let (name, paths, narrowed_by) = match &location.matcher {
            Matcher::Exact(path) => {
                (format!("location = {path}"), only(PathPattern::literal(path)?), Vec::new())
            }
            Matcher::Prefix { path, .. } => {
                (format!("location {path}"), only(PathPattern::prefix(path)?), Vec::new())
            }
            Matcher::Expression(expression) => {
                let written = expression.as_ref().map_or("an expression", |expression| expression.as_str());
                (format!("location ~ {written}"), None, vec![Narrowing::Expression(written.to_owned())])
            }
            Matcher::Named(name) => (format!("location @{name}"), Some(Vec::new()), vec![Narrowing::Other]),
            Matcher::Condition | Matcher::Unknown => return None,
        };
        let destination = self.destination(location);
        Some(Route { name: name.into(), at, number: None, paths, narrowed_by, destination })
    }

    fn destination(&self, location: &Location) -> Destination {
        let returned = location.content.steps.iter().find_map(|step| match step {
            Step::Return { status, .. } => Some(*status),
            Step::Rewrite { .. } | Step::Break => None,
        });
        match (returned, &location.content.pass) {
            (Some(Some(300..400)), _) => Destination::Redirect,
            (Some(Some(_)), _) => Destination::Answer,
            (Some(None), _) => Destination::Unknown,
            (None, Some(pass)) => self.passed(pass),
            (None, None) => Destination::Files,
        }
    }

    /// The service that a pass names, by itself or by an upstream with one host.
    fn passed(&self, pass: &Pass) -> Destination {
        let Some(host) = pass.host.known() else { return Destination::Unknown };
        let hosts: Vec<String> = match self.configuration.upstream(&host) {
            Some(upstream) if upstream.servers.len() > MOST_SERVERS => return Destination::Unknown,
            Some(upstream) => {
                let known = upstream.servers.iter().map(|server| server.host.known());
                known.map(|host| host.map(std::borrow::Cow::into_owned).unwrap_or_default()).collect()
            }
            None => vec![host.into_owned()],
        };
        let named = hosts.iter().filter(|host| self.services.contains(host.as_str()));
        let mut targets: Vec<Target> = named.map(|host| target(host)).collect();
        let are_known = targets.len() == hosts.len();
        targets.sort();
        targets.dedup();
        if are_known && !targets.is_empty() { Destination::Targets(targets) } else { Destination::Unknown }
    }
}
