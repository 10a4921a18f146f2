//! What a destination would do with a request.

use policy_core::model::nginx_image::{Configured, Outcome, route};
use policy_core::model::program::{Answers, Backend, Program, ProgramId, Serves};
use policy_core::model::routing::{Destination, PathPattern, Target};
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
            Self::Entrance => "a fixed answer".to_owned(),
            Self::Container(backend, _) => format!("`{}`", backend.container),
        }
    }

    /// Whether it can have no answer of its own like `wanted` for any of these paths. `None` where that is not known.
    pub(super) fn lacks(&self, paths: &PathPattern, wanted: &Answers) -> Option<bool> {
        match self {
            Self::Entrance => Some(true),
            Self::Container(_, program) => lacks((*program)?, paths, wanted),
        }
    }
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
        Serves::Nginx(_, configured) => nginx_lacks(configured, paths),
        Serves::Unknown(_) => None,
    }
}

/// Whether nginx answers one of these paths by itself, with a file or a page that stands for it.
fn nginx_lacks(configured: &Configured, paths: &PathPattern) -> Option<bool> {
    let configuration = &configured.configuration;
    if !configuration.gaps.is_empty() || configuration.servers.is_empty() {
        return None;
    }
    let asked = example(paths);
    let mut all = Vec::new();
    for server in &configuration.servers {
        all.push(match route(server, &asked) {
            Outcome::Passed { .. } => false,
            Outcome::Answered { status: Some(300..400), .. } | Outcome::Unknown => return None,
            Outcome::Answered { .. } => true,
            Outcome::File { otherwise, .. } => match otherwise.as_deref() {
                None | Some(Outcome::File { .. }) => true,
                Some(Outcome::Answered { status, .. }) => !matches!(status, Some(300..400) | None),
                Some(Outcome::Passed { .. }) => false,
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
