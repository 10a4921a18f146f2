//! `portcullis routes`: every entrance with its routes in order, and what answers behind each.

use std::fmt::Write as _;

use policy_core::deployment;
use policy_core::harmless::harmless;
use policy_core::model::program::{Backend, Serves};
use policy_core::model::routing::{Destination, Narrowing, Route, Table};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::source::{SourceText, Sources, Span};
use policy_disk::{DiskTree, GitIgnored};

use crate::arguments::RoutesArguments;
use crate::configuration;
use crate::exit::Failure;
use crate::request::Overrides;
use crate::root::Root;
use crate::workers::{ThreadCount, Workers};

/// Runs the command and gives what it prints.
pub(crate) fn routes(arguments: &RoutesArguments) -> Result<String, Failure> {
    let root = Root::of(std::slice::from_ref(&arguments.folder), GitIgnored::Skip)?;
    let settings = configuration::settings(&Overrides::default(), &root.folder)?;
    let threads = ThreadCount::default();
    let workers = Workers::new(threads)?;
    let tree = DiskTree::new(root.folder, GitIgnored::Skip, threads.get());
    let sources = Sources::open(&tree);
    let deployment = workers.run(|| deployment(&sources, &settings))?;
    Ok(text(&deployment, &sources))
}

fn text(deployment: &Deployment, sources: &Sources<'_>) -> String {
    let mut out = String::new();
    for root in &deployment.roots {
        for table in &root.tables {
            of_table(&mut out, table, root, deployment, sources);
        }
    }
    if out.is_empty() {
        out.push_str("No entrance is known: neither a listener of a load balancer nor a distribution.\n");
    }
    out.lines().map(|line| harmless(line).into_owned() + "\n").collect()
}

fn of_table(out: &mut String, table: &Table, root: &AwsRoot, deployment: &Deployment, sources: &Sources<'_>) {
    let port = table.port.map(|port| format!(", port {port}")).unwrap_or_default();
    let public = if table.is_public() { "" } else { ", not public" };
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}{port}{public}  {}", table.name, place(table.at, sources));
    if let Some(open) = &table.open {
        let _ = writeln!(out, "  not all routes are known: {} ({})", open.why, place(open.at, sources));
    }
    for route in &table.routes {
        let number = route.number.map(|number| number.to_string()).unwrap_or_default();
        let to = destination(&route.destination, root, deployment, sources);
        let _ = writeln!(out, "  {number:>5}  {}  ->  {to}", conditions(route));
    }
    let _ = writeln!(out, "      *  ->  {}\n", destination(&table.default, root, deployment, sources));
}

fn conditions(route: &Route) -> String {
    let paths = match &route.paths {
        None => vec!["*".to_owned()],
        Some(paths) => paths.iter().map(|path| path.pattern.to_string()).collect(),
    };
    let narrowed = route.narrowed_by.iter().map(|narrowing| match narrowing {
        Narrowing::Host(hosts) => format!("host {}", hosts.join(" ")),
        Narrowing::Method(methods) => format!("method {}", methods.join(" ")),
        Narrowing::Other => "some requests".to_owned(),
    });
    paths.into_iter().chain(narrowed).collect::<Vec<_>>().join(" ")
}

fn destination(
    destination: &Destination,
    root: &AwsRoot,
    deployment: &Deployment,
    sources: &Sources<'_>,
) -> String {
    match destination {
        Destination::Bucket => "a bucket".to_owned(),
        Destination::Balancer(address) => format!("the load balancer {address}"),
        Destination::Redirect => "redirects".to_owned(),
        Destination::Answer => "answers by itself".to_owned(),
        Destination::Unknown => "not known".to_owned(),
        Destination::Targets(targets) => {
            let named = targets.iter().map(|target| {
                let mut behind: Vec<String> = root
                    .backends
                    .iter()
                    .filter(|backend| backend.target == *target)
                    .map(|backend| behind(backend, deployment, sources))
                    .collect();
                behind.dedup();
                let behind =
                    if behind.is_empty() { "no service known".to_owned() } else { behind.join(", ") };
                format!("{} ({behind})", target.address)
            });
            named.collect::<Vec<_>>().join(", ")
        }
    }
}

fn behind(backend: &Backend, deployment: &Deployment, sources: &Sources<'_>) -> String {
    let name = &backend.container;
    match backend.program.as_ref().map(|id| deployment.program(*id)) {
        Err(why) => format!("`{name}`, not known because {why}"),
        Ok(None) => format!("`{name}`"),
        Ok(Some(program)) => {
            let file = sources.path(program.dockerfile.file());
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

fn place(at: Span, sources: &Sources<'_>) -> String {
    let text = sources.read(at.file).map(|decoded| decoded.text).unwrap_or_default();
    let line = SourceText::new(text).line_column(at.start as usize).line;
    format!("{}:{line}", sources.path(at.file))
}
