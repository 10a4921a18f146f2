//! What a program serves and no route sends to it although it is meant to be reached: the base of a pattern, a socket, a
//! handler whose siblings are routed.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::program::{
    Answers, Backend, Mount, Program, ProgramId, Registration, Served, Serves,
};
use policy_core::model::request::{Request, Target};
use policy_core::model::routing::{
    Destination, Landing, PathPattern, Route, RoutePath, Table, is_for_operations,
};
use policy_core::model::told_request::ToldRequest;
use policy_core::model::{AwsRoot, Deployment};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::MAX_SHOWN;
use super::asked::unmatched;
use super::behind::{Taker, may_be_same, taker};
use super::development::proxied;
use super::handlers::{answers, group};
use super::patterns::nearest;
use crate::wording;

/// Each program of a root with the routes that lead to it.
struct Led<'a> {
    program: &'a Program,
    served: &'a Served,
    /// The backend that it answers for; the first, where it has several.
    backend: &'a Backend,
    /// The tables that have such a route.
    tables: Vec<&'a Table>,
    /// The routes.
    routes: Vec<&'a Route>,
    /// Whether other services find it by a name of its own, so that only what browsers ask for has to be routed.
    is_discovered: bool,
}

/// Why it is known that a handler is meant to be reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meant<'a> {
    /// A program asks the entrance for it: the place of the call.
    Called(Span),
    /// A pattern takes all that lies below its path.
    BelowIsRouted(&'a str, Span),
    /// It is a socket.
    Socket,
    /// Others that are mounted there are routed: the place of the mount.
    Siblings(Span),
    /// Others of its program are.
    Program,
    /// It is what pages load that are routed: the place where those are mounted.
    OfPages(Span),
    /// The server for development sends it to the program, as it does with other paths that are routed: the place of the
    /// proxy.
    Proxied(Span),
}

/// What the programs of `root` serve and nobody can reach, but for the handlers that are `told` of already.
pub(crate) fn warnings(context: &Context<'_>, root: &AwsRoot, told: &BTreeSet<Span>) -> Vec<Finding> {
    led(context.deployment, root).iter().flat_map(|led| missed(context, root, led, told)).collect()
}

/// The programs that routes lead to and no default does, where all that leads to them is known and public.
fn led<'a>(deployment: &'a Deployment, root: &'a AwsRoot) -> Vec<Led<'a>> {
    let mut by_program: BTreeMap<ProgramId, Vec<&Backend>> = BTreeMap::new();
    for backend in &root.backends {
        if let Ok(id) = &backend.program {
            by_program.entry(*id).or_default().push(backend);
        }
    }
    let programs = by_program.into_iter().filter_map(|(id, backends)| {
        let program = deployment.program(id)?;
        let Serves::Registered(served) = &program.serves else { return None };
        let leads = |destination: &Destination| {
            destination.targets().iter().any(|target| {
                root.backends.iter().any(|backend| {
                    backend.target == *target
                        && backends.iter().any(|own| may_be_same(own, backend, deployment))
                })
            })
        };
        let tables: Vec<&Table> =
            root.tables.iter().filter(|table| table.destinations().any(leads)).collect();
        let is_known = tables.iter().all(|table| table.is_public() && table.open.is_none());
        let is_default = tables.iter().any(|table| leads(&table.default));
        let is_discovered = backends.iter().any(|backend| backend.is_discovered);
        if !is_known || is_default {
            return None;
        }
        let routes = tables.iter().flat_map(|table| &table.routes).filter(|route| leads(&route.destination));
        let routes: Vec<&Route> = routes.collect();
        Some(Led { program, served, backend: backends.first()?, tables, routes, is_discovered })
    });
    programs.collect()
}

/// What the missed handlers of one cause have in common: why they are meant, their group, and where requests for them end.
type Cause<'a> = (Meant<'a>, String, Span, Option<Span>);

/// Each cause, with where requests end and the handlers that get none.
type Causes<'a> = BTreeMap<Cause<'a>, (Ends<'a>, Vec<&'a Registration>)>;

fn missed(context: &Context<'_>, root: &AwsRoot, led: &Led<'_>, told: &BTreeSet<Span>) -> Vec<Finding> {
    let deployment = context.deployment;
    let is_routed =
        |registration: &Registration| led.routes.iter().any(|route| route.may_take(&registration.path));
    let (routed, missed): (Vec<&Registration>, Vec<&Registration>) =
        led.served.registrations.iter().partition(|registration| is_routed(registration));
    if routed.is_empty() {
        return Vec::new();
    }
    let mut causes = Causes::new();
    let untold = |missed: &&Registration| {
        missed.answers != Answers::Redirect && !is_for_operations(&missed.path) && !told.contains(&missed.at)
    };
    for registration in missed.into_iter().filter(untold) {
        let Some(meant) = meant(context, root, registration, led, &routed) else { continue };
        let Some(ends) = ends(deployment, root, led, registration) else { continue };
        let group = match meant {
            Meant::BelowIsRouted(..) | Meant::Socket => registration.path.to_string(),
            Meant::Called(_) | Meant::Siblings(_) | Meant::Program => group(registration),
            Meant::OfPages(_) | Meant::Proxied(_) => String::new(),
        };
        // However many calls there are, the first one shows it.
        let called = causes.keys().find(|(known, own, ..)| {
            matches!((known, meant), (Meant::Called(_), Meant::Called(_))) && *own == group
        });
        let meant = called.map_or(meant, |(known, ..)| *known);
        let cause = (meant, group, ends.table.at, ends.landing.by.map(|route| route.at));
        causes.entry(cause).or_insert((ends, Vec::new())).1.push(registration);
    }
    let found = merged(causes).into_iter();
    found.filter_map(|((meant, ..), (ends, missed))| finding(led, &ends, meant, &missed)).collect()
}

/// The causes, with one for all groups of a program where only the program speaks for many of them and their requests end
/// at one place: what keeps requests from most of what it serves is one thing.
fn merged<'a>(causes: Causes<'a>) -> Causes<'a> {
    let is_of_program = |(meant, ..): &Cause<'_>| *meant == Meant::Program;
    if causes.keys().filter(|cause| is_of_program(cause)).count() <= MAX_SHOWN {
        return causes;
    }
    let (of_program, mut merged): (Causes<'a>, Causes<'a>) =
        causes.into_iter().partition(|(cause, _)| is_of_program(cause));
    for ((meant, _, table, taken_by), (ends, missed)) in of_program {
        merged.entry((meant, String::new(), table, taken_by)).or_insert((ends, Vec::new())).1.extend(missed);
    }
    merged
}

fn meant<'a>(
    context: &Context<'_>,
    root: &AwsRoot,
    missed: &Registration,
    led: &'a Led<'_>,
    routed: &[&Registration],
) -> Option<Meant<'a>> {
    if let Some(at) = called(root, missed, led) {
        return Some(Meant::Called(at));
    }
    if led.is_discovered {
        let is_reached = routed.iter().any(|other| other.at == missed.at);
        return wanted_by_browsers(context, root, missed, led, routed).filter(|_| !is_reached);
    }
    if missed.answers == Answers::Sockets {
        return Some(Meant::Socket);
    }
    // What it answers at `/x/` too is reached there, if that is how it is asked: the root of a group by its `/`, any other
    // where somebody writes it so.
    let is_root = missed.mounts.last().is_some_and(|group| group.prefix == missed.path);
    let is_reached = routed.iter().filter(|other| other.at == missed.at).any(|other| {
        let with_slash = other.answers == Answers::Redirect && !led.program.redirects_slashes;
        other.answers == missed.answers
            || with_slash && (is_root || is_asked(context.deployment, &other.path))
    });
    if is_reached {
        return None;
    }
    let below =
        led.routes.iter().flat_map(|route| route.paths.iter().flatten()).find_map(|own: &RoutePath| {
            let base = own.pattern.base()?;
            (missed.path.as_literal() == Some(base)).then_some(Meant::BelowIsRouted(base, own.at))
        });
    let wanted = wanted_by_browsers(context, root, missed, led, routed).filter(|_| below.is_none());
    if wanted.is_some() {
        return wanted;
    }
    if below.is_some() || missed.answers == Answers::Page {
        return below;
    }
    // The root of what others are mounted in greets, and says little.
    let is_root = |mount: &Mount| {
        mount.prefix == missed.path && missed.mounts.last().is_some_and(|last| last.at != mount.at)
    };
    if missed.mounts.iter().any(is_root) {
        return None;
    }
    let mut named = missed.mounts.iter().rev().filter(|mount| has_name(&mount.prefix));
    let is_shared = |mount: &&Mount| {
        routed.iter().any(|other| other.at != missed.at && other.mounts.iter().any(|own| own.at == mount.at))
    };
    if let Some(mount) = named.find(is_shared) {
        return Some(Meant::Siblings(mount.at));
    }
    let is_for_development = purpose::is_for_development(context.sources.path(missed.at.file))
        || missed.path.to_string().split('/').any(purpose::says_development);
    (!is_for_development).then_some(Meant::Program)
}

/// Where a program asks the tables that lead to this one for just this: the first place.
fn called(root: &AwsRoot, missed: &Registration, led: &Led<'_>) -> Option<Span> {
    let asks = |request: &&ToldRequest| {
        let Some((tables, url)) = root.tables_asked(&request.url) else { return false };
        let paths = Target::of(&url).map(|target| target.path);
        tables.iter().all(|asked| led.tables.iter().any(|table| table.at == asked.at))
            && paths.is_some_and(|paths| answers(missed, &paths, &request.methods))
    };
    root.told_requests.iter().find(asks).map(|request| request.at)
}

/// Why browsers ask for it, whoever else does.
fn wanted_by_browsers<'a>(
    context: &Context<'_>,
    root: &AwsRoot,
    missed: &Registration,
    led: &Led<'_>,
    routed: &[&Registration],
) -> Option<Meant<'a>> {
    let mount = missed.mounts.last().filter(|mount| has_name(&mount.prefix));
    let pages = mount.filter(|mount| {
        let is_page = |other: &&Registration| other.mounts.last().is_some_and(|own| own.at == mount.at);
        !missed.path.literal_start().starts_with(mount.prefix.literal_start()) && routed.iter().any(is_page)
    });
    let of_pages = pages.map(|mount| Meant::OfPages(mount.at));
    let proxy = || proxied(context.deployment, root, led.backend, &led.routes, missed);
    of_pages.or_else(|| Some(Meant::Proxied(proxy()?.at)))
}

/// Whether code of a page asks for the path.
fn is_asked(deployment: &Deployment, path: &PathPattern) -> bool {
    deployment.requests.iter().flat_map(Request::targets).any(|target| target.path.meets(path))
}

/// Whether a prefix says more than that it is the root.
fn has_name(prefix: &PathPattern) -> bool {
    prefix.as_literal().is_some_and(|prefix| !prefix.trim_matches('/').is_empty())
}

fn finding(led: &Led<'_>, ends: &Ends<'_>, meant: Meant<'_>, missed: &[&Registration]) -> Option<Finding> {
    let Ends { table, landing, taker, dead_end } = ends;
    let first = missed.first()?;
    let paths: Vec<&PathPattern> = missed.iter().map(|missed| &missed.path).collect();
    let name = &led.backend.container;
    let shown = wording::paths(&paths);
    let is_one = missed.iter().all(|other| other.path == first.path);
    let (them, paths) = if is_one { ("it", "this path") } else { ("them", "these paths") };
    let ends = match taker {
        Taker::Entrance => format!("answers requests for {them} with a fixed response"),
        taker @ Taker::Container(..) => format!("sends requests for {them} to {}", taker.name()),
    };
    let because = format!("but `{}` {ends}: none of its rules for `{name}` matches {paths}", table.name);
    let no_request = || format!("`{name}` serves {shown}, {because}");
    let (message, help) = match meant {
        Meant::BelowIsRouted(base, _) => (
            format!(
                "`{name}` serves {shown}, but `{}` {ends}: the pattern `{base}/*` does not match `{base}` itself",
                table.name
            ),
            format!("add `{base}` next to `{base}/*`"),
        ),
        Meant::Socket => (
            format!("`{name}` serves the WebSocket {shown}, {because}"),
            format!("add the path to a rule that forwards to `{name}`"),
        ),
        Meant::Called(_) => (
            format!("`{name}` serves {shown}, which a program requests, {because}"),
            format!("add the path to a rule that forwards to `{name}`"),
        ),
        Meant::Siblings(_) => (
            no_request(),
            format!(
                "add the path to a rule that forwards to `{name}`, as for the other paths of this router"
            ),
        ),
        Meant::Program => (
            no_request(),
            format!(
                "add the path to a rule that forwards to `{name}`, or remove the handler if no client needs it"
            ),
        ),
        Meant::OfPages(_) => (
            format!("pages of `{name}` load {shown} from `{name}`, {because}"),
            format!("add the path to the rule that forwards the pages to `{name}`"),
        ),
        Meant::Proxied(_) => (
            no_request(),
            format!(
                "add the path to a rule that forwards to `{name}`, as for the other paths that the development server proxies"
            ),
        ),
    };
    let severity = if meant == Meant::Program { Severity::Note } else { Severity::Warning };
    let mut finding =
        Finding::new(message, Label::new(first.at, format!("`{name}` serves `{}` here", first.path)))
            .severity(severity);
    for other in missed.iter().skip(1).take(MAX_SHOWN - 1) {
        finding = finding.related(Label::new(other.at, format!("`{name}` serves `{}` here", other.path)));
    }
    match meant {
        Meant::BelowIsRouted(base, at) => {
            finding = finding.related(Label::new(at, format!("`{base}/*` does not match `{base}`")));
        }
        Meant::Called(at) => {
            finding = finding
                .related(Label::new(at, format!("this requests `{}` from the load balancer", first.path)));
        }
        Meant::Siblings(at) => {
            finding = finding.related(Label::new(
                at,
                format!("requests for other routes that are mounted here reach `{name}`"),
            ));
        }
        Meant::OfPages(at) => {
            finding = finding.related(Label::new(at, format!("requests for these pages reach `{name}`")));
            let pages = first.mounts.last().map(|mount| &mount.prefix);
            let mut routes = led.routes.iter();
            if let Some(route) = routes.find(|route| pages.is_some_and(|pages| route.may_take(pages))) {
                let label = format!("this forwards the pages to `{name}`, but not what they load");
                finding = finding.related(Label::new(route.at, label));
            }
        }
        Meant::Proxied(at) => {
            let label = format!("the development server of the page sends such requests to `{name}`");
            finding = finding.related(Label::new(at, label));
        }
        Meant::Socket | Meant::Program => {
            if let Some(nearest) = nearest(led.routes.iter().copied(), &first.path) {
                finding = finding.related(Label::new(
                    nearest.at,
                    format!(
                        "this forwards `{}` to `{name}`, but does not match `{}`",
                        nearest.pattern, first.path
                    ),
                ));
            }
        }
    }
    let mounted = first.mounts.last().filter(|_| matches!(meant, Meant::Siblings(_) | Meant::Program));
    if let Some(mount) = mounted.filter(|mount| !matches!(meant, Meant::Siblings(at) if at == mount.at)) {
        finding = finding.related(Label::new(mount.at, "its router is mounted here"));
    }
    let at = landing.by.map_or(table.at, |route| route.at);
    let takes = match landing.by {
        Some(route) => format!("`{}` matches first", route.name),
        None => unmatched(table).to_owned(),
    };
    finding = finding.related(Label::new(at, takes));
    Some(dead_end.iter().cloned().fold(finding, Finding::related).help(help))
}

/// Where requests for a handler end up: at one place in each table, which has no answer for them. This is the first.
struct Ends<'a> {
    table: &'a Table,
    landing: Landing<'a>,
    taker: Taker<'a>,
    /// Where what takes them passes them on to nothing.
    dead_end: Option<Label>,
}

fn ends<'a>(
    deployment: &'a Deployment,
    root: &'a AwsRoot,
    led: &Led<'a>,
    missed: &Registration,
) -> Option<Ends<'a>> {
    let mut first = None;
    for &table in &led.tables {
        let landing = table.certain_landing(&missed.path)?;
        let taker = taker(deployment, root, landing.destination)?;
        // What a program has that is not known is not meant for these requests.
        if !taker.lacks(deployment, root, &missed.path, &missed.answers).unwrap_or(true) {
            return None;
        }
        let dead_end = taker.dead_end(deployment, root, &missed.path);
        first = first.or(Some(Ends { table, landing, taker, dead_end }));
    }
    first
}
