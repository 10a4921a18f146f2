//! What is known of routes, as it is shown: places with lines, programs by the names of their containers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use policy_core::model::program::{Answers, Backend, Methods, Registration, Serves};
use policy_core::model::routing::{
    Destination, Landing, Narrowing, PathPattern, Route, Table, is_for_operations,
};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::source::{FileId, SourceText, Sources, Span};
use serde::Serialize;

/// An entrance with its routes in order.
#[derive(Serialize)]
pub(super) struct Entrance {
    pub(super) name: String,
    pub(super) place: String,
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
    /// The path, `{}` for a parameter and `*` for any rest.
    pub(super) path: String,
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
        deployment.requests.iter().filter_map(|request| Some(request.target()?.path)).collect();
    let places = Places { sources, read: RefCell::default() };
    let roots = deployment.roots.iter();
    let tables = roots.flat_map(|root| root.tables.iter().map(move |table| (root, table)));
    tables
        .map(|(root, table)| Shower { root, table, deployment, called: &called, places: &places }.entrance())
        .collect()
}

struct Shower<'a> {
    root: &'a AwsRoot,
    table: &'a Table,
    deployment: &'a Deployment,
    called: &'a HashSet<PathPattern>,
    places: &'a Places<'a>,
}

impl Shower<'_> {
    fn entrance(&self) -> Entrance {
        let table = self.table;
        Entrance {
            name: table.name.to_string(),
            place: self.place(table.at),
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
            Destination::Balancer(address) => format!("the load balancer {address}"),
            Destination::Redirect => "redirects".to_owned(),
            Destination::Answer => "answers by itself".to_owned(),
            Destination::Unknown => "not known".to_owned(),
            Destination::Targets(targets) => {
                let named = targets.iter().map(|target| {
                    let of_target = self.root.backends.iter().filter(|backend| backend.target == *target);
                    let mut behind: Vec<String> = of_target.map(|backend| self.behind(backend)).collect();
                    behind.dedup();
                    let behind =
                        if behind.is_empty() { "no service known".to_owned() } else { behind.join(", ") };
                    format!("{} ({behind})", target.address)
                });
                named.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn behind(&self, backend: &Backend) -> String {
        let name = &backend.container;
        match backend.program.as_ref().map(|id| self.deployment.program(*id)) {
            Err(why) => format!("`{name}`, not known because {why}"),
            Ok(None) => format!("`{name}`"),
            Ok(Some(program)) => {
                let file = self.places.sources.path(program.dockerfile.file());
                match &program.serves {
                    Serves::Registered(served) => {
                        format!("`{name}` of {file}, {} handlers", served.registrations.len())
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
        for backend in self.root.backends.iter().filter(asked) {
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
        let landings = self.table.landings(&registration.path);
        let own = |landing: &Landing<'_>| landing.destination.targets().contains(&backend.target);
        let lands = landings.iter().map(|landing| {
            let by = landing.by.map_or("the default", |route| &route.name);
            format!("{by} -> {}", self.destination(landing.destination))
        });
        Endpoint {
            path: registration.path.to_string(),
            methods: match &registration.answers {
                Answers::Requests(Methods::Only(methods)) => methods.clone(),
                Answers::Page => vec!["GET".to_owned()],
                Answers::Requests(Methods::Any) | Answers::Sockets | Answers::Redirect => Vec::new(),
            },
            kind: if registration.answers == Answers::Sockets { Kind::Socket } else { Kind::Requests },
            container: backend.container.clone(),
            place: self.place(registration.at),
            operational: is_for_operations(&registration.path),
            called: self.called.contains(&registration.path),
            reached: landings.iter().all(own),
            lands: lands.collect(),
        }
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
