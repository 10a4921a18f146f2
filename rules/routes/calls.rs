//! Requests of pages that end where nothing answers them, although a program behind the same entrance would.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::endpoint::Host;
use policy_core::model::program::{Answers, Backend, Methods, Program, Registration, Served, Serves};
use policy_core::model::request::Request;
use policy_core::model::routing::{Destination, Landing, Part, PathPattern, Table};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::rule::Context;
use policy_core::source::{RepoPath, Span};

use super::behind::{Taker, backend_of, lacks, taker};
use super::patterns::{common_start, nearest};

/// How many calls of one cause are shown.
const MAX_SHOWN: usize = 3;

/// A call that is lost, and who would answer it.
struct Lost<'a> {
    request: &'a Request,
    path: PathPattern,
    table: &'a Table,
    landing: Landing<'a>,
    taker: Taker<'a>,
    answered_by: &'a Backend,
    registration: &'a Registration,
}

/// What the calls of one cause have in common: where they end, who would answer, and the group of handlers that does.
type Cause<'a> = (Span, Option<Span>, &'a str, String);

/// The findings for lost calls of a root, and the handlers that they would reach.
pub(crate) fn errors(context: &Context<'_>, root: &AwsRoot) -> (Vec<Finding>, Vec<Span>) {
    let deployment = context.deployment;
    let mut causes: BTreeMap<Cause<'_>, Vec<Lost<'_>>> = BTreeMap::new();
    let mut handlers = Vec::new();
    for request in &deployment.requests {
        if let Some(lost) = lost(context, root, request) {
            handlers.push(lost.registration.at);
            causes.entry(cause(&lost)).or_default().push(lost);
        }
    }
    (causes.values().filter_map(|lost| finding(lost)).collect(), handlers)
}

fn cause<'a>(lost: &Lost<'a>) -> Cause<'a> {
    let by = lost.landing.by.map(|route| route.at);
    (lost.table.at, by, &lost.answered_by.container, group(lost.registration))
}

/// The prefix of the group of handlers that one belongs to: that of what it is mounted below, or its own first part.
pub(super) fn group(registration: &Registration) -> String {
    let mounted = registration.mounts.iter().rev().find_map(|mount| {
        let prefix = mount.prefix.as_literal()?.trim_end_matches('/');
        (!prefix.is_empty()).then(|| prefix.to_owned())
    });
    mounted.unwrap_or_else(|| {
        let start = registration.path.literal_start();
        let end = start.match_indices('/').nth(1).map_or(start.len(), |(at, _)| at);
        start.get(..end).unwrap_or_default().to_owned()
    })
}

fn lost<'a>(context: &Context<'a>, root: &'a AwsRoot, request: &'a Request) -> Option<Lost<'a>> {
    let deployment = context.deployment;
    request.code.shipped.as_ref()?;
    let target = request.target().filter(|target| target.host == Host::Page)?;
    let page = page_of(context, root, context.sources.path(request.sent_at.file))?;
    let mut found = None;
    for table in root.tables.iter().filter(|table| leads_to(table, page)) {
        if !table.is_public() || table.open.is_some() {
            return None;
        }
        let landings = table.landings(&target.path);
        let [landing] = landings.as_slice() else { return None };
        if matches!(landing.destination, Destination::Redirect) {
            continue;
        }
        let taker = taker(deployment, root, landing.destination)?;
        let is_lost = match &taker {
            Taker::Entrance => true,
            Taker::Container(_, Some(program)) => {
                lacks(program, &target.path, &Answers::Requests(request.methods.clone()))?
            }
            Taker::Container(_, None) => return None,
        };
        if !is_lost {
            return None;
        }
        let (answered_by, registration) = answer(deployment, root, table, &target.path, &request.methods)?;
        let path = target.path.clone();
        let landing = *landing;
        found = found.or(Some(Lost { request, path, table, landing, taker, answered_by, registration }));
    }
    found
}

pub(super) fn leads_to(table: &Table, backend: &Backend) -> bool {
    table.destinations().any(|destination| destination.targets().contains(&backend.target))
}

/// A program behind the table that is certain to answer these paths.
fn answer<'a>(
    deployment: &'a Deployment,
    root: &'a AwsRoot,
    table: &Table,
    paths: &PathPattern,
    methods: &Methods,
) -> Option<(&'a Backend, &'a Registration)> {
    let targets = table.destinations().flat_map(Destination::targets);
    targets.filter_map(|target| backend_of(root, target)).find_map(|backend| {
        let program: &Program = deployment.program(*backend.program.as_ref().ok()?)?;
        let Serves::Registered(served) = &program.serves else { return None };
        Some((backend, answering(program, served, paths, methods)?))
    })
}

/// The handler of a program that is certain to answer these paths.
pub(super) fn answering<'a>(
    program: &Program,
    served: &'a Served,
    paths: &PathPattern,
    methods: &Methods,
) -> Option<&'a Registration> {
    served.registrations.iter().find(|registration| {
        registration.path.meets(paths)
            && is_own(&registration.path)
            && match &registration.answers {
                Answers::Redirect => !program.redirects_slashes,
                Answers::Page => false,
                own => answers(own, methods),
            }
    })
}

/// Whether it is a path of the program's own, and not all that others leave.
pub(super) fn is_own(path: &PathPattern) -> bool {
    !path.parts().contains(&Part::Rest)
        && path.literal_start().chars().any(|letter| letter.is_ascii_alphanumeric())
}

fn answers(answers: &Answers, methods: &Methods) -> bool {
    match (answers, methods) {
        (Answers::Requests(Methods::Only(own)), Methods::Only(asked)) => {
            asked.iter().any(|asked| own.contains(asked))
        }
        _ => true,
    }
}

/// The container whose image holds the code in `file`, where it is the only one that does.
pub(super) fn page_of<'a>(context: &Context<'a>, root: &'a AwsRoot, file: &RepoPath) -> Option<&'a Backend> {
    let deployment = context.deployment;
    let depth = |image: &BuiltImage| {
        let own = context.sources.folder_of(image.dockerfile.file());
        let folders = [&image.context, &own].into_iter().filter(|folder| file.is_within(folder));
        folders.map(|folder| folder.components().count()).max()
    };
    let deepest = deployment.built_images.iter().filter_map(depth).max()?;
    let mut holding: Vec<_> = deployment
        .built_images
        .iter()
        .filter(|image| depth(image) == Some(deepest))
        .map(|image| image.dockerfile)
        .collect();
    holding.sort_unstable_by_key(|place| place.file());
    holding.dedup();
    let mut backends = root.backends.iter().filter(|backend| {
        let program = backend.program.as_ref().ok().and_then(|id| deployment.program(*id));
        program.is_some_and(|program| holding.contains(&program.dockerfile))
    });
    let first = backends.next()?;
    backends.all(|other| other.program == first.program).then_some(first)
}

fn finding(lost: &[Lost<'_>]) -> Option<Finding> {
    let first = lost.first()?;
    let Lost { path, table, landing, taker, answered_by, registration, .. } = first;
    let name = &answered_by.container;
    let ends = match taker {
        Taker::Entrance => "answers it by itself".to_owned(),
        Taker::Container(..) => format!("sends it to {}, which does not serve it", taker.name()),
    };
    let count = match lost.len() {
        1 => String::new(),
        calls => format!(" ({calls} calls)"),
    };
    let message = format!(
        "the request for `{path}` does not reach `{name}`, which serves it: `{}` {ends}{count}",
        table.name
    );
    let label = format!("{} asks the page's own host for it", first.request.opener);
    let mut finding = Finding::new(message, Label::new(first.request.at, label));
    for other in lost.iter().skip(1).take(MAX_SHOWN - 1) {
        finding =
            finding.related(Label::new(other.request.at, format!("so does this one for `{}`", other.path)));
    }
    finding = finding.related(match landing.by {
        Some(route) => Label::new(route.at, format!("`{}` takes it", route.name)),
        None => Label::new(table.at, "no rule matches, so that the default action takes it"),
    });
    finding = finding.related(Label::new(registration.at, format!("`{name}` serves it here")));
    let leading =
        table.routes.iter().filter(|route| route.destination.targets().contains(&answered_by.target));
    if let Some(nearest) = nearest(leading, path).filter(|nearest| common_start(&nearest.pattern, path) > 1) {
        let falls_short = if nearest.pattern.meets(path) {
            "matches it too, but is asked later"
        } else {
            "does not match it"
        };
        let label = format!("`{}` is forwarded to `{name}`, and {falls_short}", nearest.pattern);
        finding = finding.related(Label::new(nearest.at, label));
    }
    let prefix = group(registration);
    Some(finding.help(format!(
        "add `{prefix}` and `{prefix}/*` to the path patterns of a rule that forwards to `{name}`, with a lower priority number than what takes it now"
    )))
}
