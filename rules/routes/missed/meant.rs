//! Why it is known that a handler is meant to be reached from outside.

use policy_core::model::program::{Answers, Mount, Registration};
use policy_core::model::request::{Request, Target};
use policy_core::model::routing::{PathPattern, RoutePath};
use policy_core::model::told_request::ToldRequest;
use policy_core::model::{AwsRoot, Deployment};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::led::Led;
use crate::routes::development::proxied;
use crate::routes::handlers::answers;

/// Why it is known that a handler is meant to be reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meant<'a> {
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

/// Why it is known that `missed` is meant to be reached, where it is. `routed` is what requests for the program do reach.
pub(super) fn meant<'a>(
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
