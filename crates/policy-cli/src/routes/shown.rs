//! What is known of routes, as it is shown: places with lines, programs by the names of their containers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use policy_core::model::program::{Answers, Backend, Methods, Registration, Served, Serves};
use policy_core::model::routing::{
    self, Arrival, Destination, Landing, Narrowing, PathPattern, Route, Table, is_for_operations,
};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::source::{FileId, SourceText, Sources, Span};
use serde::Serialize;

use crate::terminal::counted;

/// An entrance with its routes in order.
#[derive(Serialize)]
pub(super) struct Entrance {
    pub(super) kind: EntranceKind,
    pub(super) name: String,
    pub(super) place: String,
    /// The root module that it is made in, where there are several: its folder, and the file of values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) root: Option<String>,
    pub(super) port: Option<i64>,
    pub(super) public: bool,
    /// Why there may be other routes than these.
    pub(super) open: Option<String>,
    pub(super) routes: Vec<ShownRoute>,
    /// Where a request goes that no route takes.
    pub(super) default: String,
    /// What the programs behind it serve.
    pub(super) endpoints: Vec<Endpoint>,
}

/// What an entrance is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EntranceKind {
    Listener,
    Distribution,
    Nginx,
    Ingress,
}

/// A route.
#[derive(Serialize)]
pub(super) struct ShownRoute {
    pub(super) number: Option<i64>,
    pub(super) name: String,
    pub(super) place: String,
    pub(super) paths: Vec<String>,
    /// What it looks at beside the path.
    pub(super) narrowed_by: Vec<String>,
    pub(super) to: String,
}

/// A handler of a program behind an entrance.
#[derive(Serialize)]
pub(super) struct Endpoint {
    /// The path that is asked for at the entrance, `{}` for a parameter and `*` for any rest.
    pub(super) path: String,
    /// The path that the program serves, where the entrance rewrites it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) served_as: Option<String>,
    pub(super) kind: Kind,
    /// None where it answers all methods, or is a socket.
    pub(super) methods: Vec<String>,
    /// The container of the program.
    pub(super) container: String,
    pub(super) place: String,
    /// Whether it is for probes, operators or developers: nobody need reach it from outside.
    pub(super) operational: bool,
    /// Whether code of a page asks for it.
    pub(super) called: bool,
    /// Whether every request for it gets to its program.
    pub(super) reached: bool,
    /// The routes that take requests for it, and where they send them.
    pub(super) lands: Vec<String>,
}

/// What a handler answers.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Requests,
    Socket,
}

/// Every entrance of a deployment.
pub(super) fn entrances(deployment: &Deployment, sources: &Sources<'_>) -> Vec<Entrance> {
    // The paths that code of pages asks for. A request that may be for several says of none that it is called.
    let called: HashSet<PathPattern> =
        deployment.requests.iter().filter_map(|request| Some(request.target()?.path.clone())).collect();
    let places = Places { sources, read: RefCell::default() };
    let mut shown = Vec::new();
    let has_several = deployment.roots.iter().filter(|root| !root.tables.is_empty()).count() > 1;
    for root in &deployment.roots {
        let name = has_several.then(|| root_name(root, sources));
        for table in &root.tables {
            let shower = Shower {
                behind: RefCell::default(),
                backends: &root.backends,
                table,
                deployment,
                called: &called,
                places: &places,
            };
            shown.push(Entrance { root: name.clone(), ..shower.entrance() });
        }
    }
    for site in &deployment.sites {
        for table in &site.tables {
            let shower = Shower {
                behind: RefCell::default(),
                backends: &site.backends,
                table,
                deployment,
                called: &called,
                places: &places,
            };
            shown.push(shower.entrance());
        }
    }
    shown
}

/// `infra` or, where a file gives its values, `infra with infra/production.tfvars`.
fn root_name(root: &AwsRoot, sources: &Sources<'_>) -> String {
    let folder = if root.folder.is_root() { "." } else { root.folder.as_str() };
    match root.environment {
        Some(file) => format!("{folder} with {}", sources.path(file)),
        None => folder.to_owned(),
    }
}

/// How many endpoints are listed for a program, as far as they are known. A path that differs from a handler's by a slash
/// is none of its own.
fn endpoints(served: &Served) -> String {
    let own = served.registrations.iter().filter(|own| own.answers != Answers::Redirect);
    let own: BTreeSet<_> = own.map(|own| (own.path.to_string(), own.at)).collect();
    let unknown = served.unknown.first().map(|unknown| &unknown.why);
    match (own.len(), unknown) {
        (0, Some(why)) => format!("unknown: {why}"),
        (own, None) => counted(own, "endpoint"),
        (own, Some(_)) => format!("{} and unknown ones", counted(own, "endpoint")),
    }
}

/// Beginnings of paths that an entrance may take off, as far as they are tried for one path that a program serves.
const MAX_STARTS: usize = 256;

struct Shower<'a> {
    /// What is said of each backend: many routes lead to one, and it takes as long as its program is large.
    behind: RefCell<BTreeMap<usize, String>>,
    backends: &'a [Backend],
    table: &'a Table,
    deployment: &'a Deployment,
    called: &'a HashSet<PathPattern>,
    places: &'a Places<'a>,
}

impl Shower<'_> {
    fn entrance(&self) -> Entrance {
        let table = self.table;
        Entrance {
            kind: match table.entrance {
                routing::Entrance::Listener { .. } => EntranceKind::Listener,
                routing::Entrance::Distribution { .. } => EntranceKind::Distribution,
                routing::Entrance::Proxy { .. } => EntranceKind::Nginx,
                routing::Entrance::Ingress { .. } => EntranceKind::Ingress,
            },
            name: table.name.to_string(),
            place: self.place(table.at),
            root: None,
            port: table.port,
            public: table.is_public(),
            open: table.open.as_ref().map(|open| format!("{} ({})", open.why, self.place(open.at))),
            routes: table.routes.iter().map(|route| self.route(route)).collect(),
            default: self.destination(&table.default),
            endpoints: self.endpoints(),
        }
    }

    fn route(&self, route: &Route) -> ShownRoute {
        let narrowed = route.narrowed_by.iter().map(|narrowing| match narrowing {
            Narrowing::Host(hosts) => format!("host {}", hosts.join(" ")),
            Narrowing::Method(methods) => format!("method {}", methods.join(" ")),
            Narrowing::Expression(written) => format!("~ {written}"),
            Narrowing::Other => "some requests".to_owned(),
        });
        ShownRoute {
            number: route.number,
            name: route.name.to_string(),
            place: self.place(route.at),
            paths: match &route.paths {
                None => vec!["*".to_owned()],
                Some(paths) => paths.iter().map(|path| path.pattern.to_string()).collect(),
            },
            narrowed_by: narrowed.collect(),
            to: self.destination(&route.destination),
        }
    }

    fn destination(&self, destination: &Destination) -> String {
        match destination {
            Destination::Bucket => "a bucket".to_owned(),
            Destination::Files => "static files".to_owned(),
            Destination::Balancer(address) => format!("the load balancer {address}"),
            Destination::Redirect => "redirect".to_owned(),
            Destination::Answer => "fixed response".to_owned(),
            Destination::Unknown => "unknown".to_owned(),
            Destination::Targets(targets) => {
                let named = targets.iter().map(|target| {
                    let all = self.backends.iter().enumerate();
                    let of_target = all.filter(|(_, backend)| backend.target == *target);
                    let mut behind: Vec<String> = of_target
                        .map(|(index, backend)| {
                            let mut known = self.behind.borrow_mut();
                            known.entry(index).or_insert_with(|| self.behind(backend)).clone()
                        })
                        .collect();
                    behind.dedup();
                    let behind =
                        if behind.is_empty() { "no service found".to_owned() } else { behind.join(", ") };
                    format!("{} ({behind})", target.address)
                });
                named.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// What takes a request.
    fn taker(&self, landing: &Landing<'_>) -> String {
        match (landing.by, &self.table.entrance) {
            (Some(route), _) => route.name.to_string(),
            (None, routing::Entrance::Listener { .. }) => "the default action".to_owned(),
            (None, routing::Entrance::Distribution { .. }) => "the default behavior".to_owned(),
            (None, _) => self.table.name.to_string(),
        }
    }

    /// What a destination does with a request.
    fn does(&self, destination: &Destination) -> String {
        match destination {
            Destination::Answer => "returns a fixed response".to_owned(),
            Destination::Redirect => "redirects it".to_owned(),
            Destination::Files => "returns a static file".to_owned(),
            Destination::Unknown => "sends it to an unknown target".to_owned(),
            Destination::Targets(targets) => {
                let named = targets.iter().map(|target| {
                    let backend = self.backends.iter().find(|backend| backend.target == *target);
                    backend.map_or_else(|| target.address.to_string(), |own| format!("`{}`", own.container))
                });
                format!("sends it to {}", named.collect::<Vec<_>>().join(", "))
            }
            Destination::Bucket | Destination::Balancer(_) => {
                format!("sends it to {}", self.destination(destination))
            }
        }
    }

    fn behind(&self, backend: &Backend) -> String {
        let name = &backend.container;
        match backend.program.as_ref().map(|id| self.deployment.program(*id)) {
            Err(why) => format!("`{name}`, unknown: {why}"),
            Ok(None) => format!("`{name}`"),
            Ok(Some(program)) => {
                let file = self.places.sources.path(program.dockerfile.file());
                match &program.serves {
                    Serves::Registered(served) => {
                        format!("`{name}` of {file}, {}", endpoints(served))
                    }
                    Serves::Nginx(..) => format!("`{name}` of {file}, nginx"),
                    Serves::Unknown(why) => format!("`{name}` of {file}, {why}"),
                }
            }
        }
    }

    /// What the programs serve that the entrance leads to, each once.
    fn endpoints(&self) -> Vec<Endpoint> {
        let mut found: Vec<Endpoint> = Vec::new();
        let mut seen = BTreeSet::new();
        let asked = |backend: &&Backend| {
            self.table.destinations().any(|destination| destination.targets().contains(&backend.target))
        };
        for backend in self.backends.iter().filter(asked) {
            let program = self.deployment.program_of(backend);
            let Some(Serves::Registered(served)) = program.map(|program| &program.serves) else { continue };
            for registration in &served.registrations {
                let meant = registration.answers != Answers::Redirect;
                if meant
                    && seen.insert((
                        backend.container.clone(),
                        registration.path.to_string(),
                        registration.at,
                    ))
                {
                    found.push(self.endpoint(backend, registration));
                }
            }
        }
        found
    }

    fn endpoint(&self, backend: &Backend, registration: &Registration) -> Endpoint {
        let asked = self.asked_as(backend, registration);
        let path = asked.as_ref().unwrap_or(&registration.path);
        let own = |landing: &Landing<'_>| landing.destination.targets().contains(&backend.target);
        let landings = self.landings(path, own);
        let lands = landings
            .iter()
            .map(|landing| format!("{} {}", self.taker(landing), self.does(landing.destination)));
        Endpoint {
            path: path.to_string(),
            served_as: asked.as_ref().map(|_| registration.path.to_string()),
            methods: match &registration.answers {
                Answers::Requests(Methods::Only(methods)) => methods.clone(),
                Answers::Page => vec!["GET".to_owned()],
                Answers::Requests(Methods::Any) | Answers::Sockets | Answers::Redirect => Vec::new(),
            },
            kind: if registration.answers == Answers::Sockets { Kind::Socket } else { Kind::Requests },
            container: backend.container.clone(),
            place: self.place(registration.at),
            operational: is_for_operations(&registration.path),
            called: self.called.contains(path),
            reached: landings.iter().all(own),
            lands: lands.collect(),
        }
    }

    /// Where requests for a path may go: at the host where all of them go to the program, if there is one.
    fn landings(&self, path: &PathPattern, own: impl Fn(&Landing<'_>) -> bool) -> Vec<Landing<'_>> {
        let all = self.table.landings(path);
        if all.iter().all(&own) {
            return all;
        }
        let hosts = self.table.hosts().into_iter();
        let mut of_hosts = hosts.map(|host| self.table.landings_at(path, host.as_deref()));
        of_hosts.find(|landings| landings.iter().all(&own)).unwrap_or(all)
    }

    /// The path that the entrance is asked for, where it sends another one to the program: what stands before a prefix that it
    /// takes off.
    fn asked_as(&self, backend: &Backend, registration: &Registration) -> Option<PathPattern> {
        let is_own = |arrival: &Arrival<'_>, served: &PathPattern| {
            arrival.paths == *served && arrival.landing.destination.targets().contains(&backend.target)
        };
        let served = &registration.path;
        if self.table.arrival(served).is_some_and(|arrival| is_own(&arrival, served)) {
            return None;
        }
        if !self.table.may_send_on_another_path() {
            return None;
        }
        let leading =
            self.table.routes.iter().filter(|route| route.destination.targets().contains(&backend.target));
        let starts =
            leading.flat_map(|route| route.paths.iter().flatten()).map(|path| path.pattern.literal_start());
        let mut tried = HashSet::new();
        let starts = starts.filter(|start| tried.insert(*start)).take(MAX_STARTS);
        let mut asked = starts
            .filter_map(|start| PathPattern::literal(start.trim_end_matches('/'))?.then(&registration.path));
        asked.find(|asked| self.table.arrival(asked).is_some_and(|arrival| is_own(&arrival, served)))
    }

    fn place(&self, at: Span) -> String {
        self.places.shown(at)
    }
}

/// Places with their lines. Each file is read once, however many places lie in it.
struct Places<'a> {
    sources: &'a Sources<'a>,
    read: RefCell<BTreeMap<FileId, SourceText>>,
}

impl Places<'_> {
    fn shown(&self, at: Span) -> String {
        let mut read = self.read.borrow_mut();
        let text = read.entry(at.file).or_insert_with(|| {
            SourceText::new(self.sources.read(at.file).map(|decoded| decoded.text).unwrap_or_default())
        });
        format!("{}:{}", self.sources.path(at.file), text.line_column(at.start as usize).line)
    }
}
