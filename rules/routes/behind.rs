//! What a destination would do with a request.

use policy_core::finding::Label;
use policy_core::model::nginx_image::{Configuration, Configured, Outcome, Pass, route};
use policy_core::model::program::{Answers, Backend, Program, ProgramId, Serves};
use policy_core::model::routing::{Destination, PathPattern, Target};
use policy_core::model::task_definition::Container;
use policy_core::model::{AwsRoot, Deployment};

/// What takes a request in the end.
pub(super) enum Taker<'a> {
    /// The entrance answers by itself.
    Entrance,
    /// A container, with its program where that is known.
    Container(&'a Backend, Option<&'a Program>),
}

impl Taker<'_> {
    /// What messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Entrance => "a fixed response".to_owned(),
            Self::Container(backend, _) => format!("`{}`", backend.container),
        }
    }

    /// Whether it can have no answer of its own like `wanted` for any of these paths. `None` where that is not known.
    pub(super) fn lacks(
        &self,
        deployment: &Deployment,
        root: &AwsRoot,
        paths: &PathPattern,
        wanted: &Answers,
    ) -> Option<bool> {
        let Self::Container(backend, program) = self else { return Some(true) };
        let program = (*program)?;
        match &program.serves {
            Serves::Nginx(_, configured) => {
                nginx_lacks(configured, paths, |host| is_nowhere(deployment, root, backend, host))
            }
            _ => lacks(program, paths, wanted),
        }
    }

    /// Where nginx passes one of these paths to a host that does not exist.
    pub(super) fn dead_end(
        &self,
        deployment: &Deployment,
        root: &AwsRoot,
        paths: &PathPattern,
    ) -> Option<Label> {
        let Self::Container(backend, Some(Program { serves: Serves::Nginx(_, configured), .. })) = self
        else {
            return None;
        };
        let asked = example(paths);
        let configuration = &configured.configuration;
        let mut passes = configuration.servers.iter().filter_map(|server| match route(server, &asked) {
            Outcome::Passed { pass, .. } => Some(pass),
            _ => None,
        });
        let is_nowhere = |host: &str| is_nowhere(deployment, root, backend, host);
        let pass = passes.find(|pass| is_dead(configuration, pass, &is_nowhere))?;
        let label = "nginx proxies this to a host that does not exist in the task's network";
        Some(Label::new(pass.address_at, label))
    }
}

/// Whether nothing resolves a host where this container runs. A container of the same task would be asked by another name.
fn is_nowhere(deployment: &Deployment, root: &AwsRoot, backend: &Backend, host: &str) -> bool {
    let tasks = root.task_definitions.iter().find(|tasks| tasks.address == backend.task);
    tasks.is_some_and(|tasks| {
        let is_beside = |own: &Container| own.name.known().is_some_and(|name| name == host);
        deployment.lacks_host(tasks, host) && !tasks.containers.iter().any(is_beside)
    })
}

/// Whether nginx passes requests to nothing but hosts that are nowhere.
fn is_dead(configuration: &Configuration, pass: &Pass, is_nowhere: &impl Fn(&str) -> bool) -> bool {
    let host = pass.host.known().filter(|_| !pass.variable);
    host.is_some_and(|host| match configuration.upstream(&host) {
        Some(upstream) => {
            let mut hosts = upstream.servers.iter().map(|server| server.host.known());
            !upstream.servers.is_empty() && hosts.all(|host| host.is_some_and(|host| is_nowhere(&host)))
        }
        None => is_nowhere(&host),
    })
}

/// The container behind a target. `None` where it is not known, or where several share the requests.
pub(crate) fn backend_of<'a>(root: &'a AwsRoot, target: &Target) -> Option<&'a Backend> {
    backend_among(&root.backends, target)
}

/// The same of these containers.
pub(super) fn backend_among<'a>(all: &'a [Backend], target: &Target) -> Option<&'a Backend> {
    let mut behind = all.iter().filter(|backend| backend.target == *target);
    let first = behind.next()?;
    behind.all(|other| other.task == first.task && other.container == first.container).then_some(first)
}

/// What takes the requests that go to `destination`. `None` where that is not known.
pub(super) fn taker<'a>(
    deployment: &'a Deployment,
    root: &'a AwsRoot,
    destination: &Destination,
) -> Option<Taker<'a>> {
    match destination {
        Destination::Answer => Some(Taker::Entrance),
        Destination::Balancer(_)
        | Destination::Bucket
        | Destination::Files
        | Destination::Redirect
        | Destination::Unknown => None,
        Destination::Targets(targets) => {
            let [target] = targets.as_slice() else { return None };
            let backend = backend_of(root, target)?;
            Some(Taker::Container(backend, deployment.program_of(backend)))
        }
    }
}

/// Whether a program can have no answer of its own like `wanted` for any of these paths, nor pass the request on: a page is
/// what only people want.
pub(super) fn lacks(program: &Program, paths: &PathPattern, wanted: &Answers) -> Option<bool> {
    match &program.serves {
        // Nothing that it serves was found.
        Serves::Registered(served) if served.registrations.is_empty() => None,
        Serves::Registered(served) if *wanted == Answers::Page => Some(served.lacks(paths)),
        Serves::Registered(served) => Some(served.lacks_for_code(paths)),
        Serves::Nginx(_, configured) => nginx_lacks(configured, paths, |_| false),
        Serves::Unknown(_) => None,
    }
}

/// Whether nginx answers one of these paths by itself, with a file or a page that stands for it, or passes it to a host of
/// which it is certain that it `is_nowhere`.
fn nginx_lacks(
    configured: &Configured,
    paths: &PathPattern,
    is_nowhere: impl Fn(&str) -> bool,
) -> Option<bool> {
    let configuration = &configured.configuration;
    if !configuration.gaps.is_empty() || configuration.servers.is_empty() {
        return None;
    }
    let asked = example(paths);
    let is_dead = |pass: &Pass| is_dead(configuration, pass, &is_nowhere);
    let mut all = Vec::new();
    for server in &configuration.servers {
        all.push(match route(server, &asked) {
            Outcome::Passed { pass, .. } => is_dead(pass),
            Outcome::Answered { status: Some(300..400), .. } | Outcome::Unknown => return None,
            Outcome::Answered { .. } => true,
            Outcome::File { otherwise, .. } => match otherwise.as_deref() {
                None | Some(Outcome::File { .. }) => true,
                Some(Outcome::Answered { status, .. }) => !matches!(status, Some(300..400) | None),
                Some(Outcome::Passed { pass, .. }) => is_dead(pass),
                Some(Outcome::Unknown) => return None,
            },
        });
    }
    Some(all.into_iter().all(|lacks| lacks))
}

/// One of the paths, with a letter for each part that is not written out.
fn example(paths: &PathPattern) -> String {
    paths.to_string().replace("{}", "x").replace(['*', '?'], "x")
}

/// Whether two backends run the same for certain, or may.
pub(super) fn may_be_same(one: &Backend, other: &Backend, deployment: &Deployment) -> bool {
    match (&one.program, &other.program) {
        (Ok(one), Ok(other)) => same_image(*one, *other, deployment),
        _ => one.container == other.container,
    }
}

fn same_image(one: ProgramId, other: ProgramId, deployment: &Deployment) -> bool {
    match (deployment.program(one), deployment.program(other)) {
        (Some(one), Some(other)) => {
            one.dockerfile == other.dockerfile && one.context == other.context && one.words == other.words
        }
        _ => true,
    }
}
