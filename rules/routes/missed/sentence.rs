//! What is said of handlers that no route sends to their program, and what is shown beside it.

use policy_core::finding::Label;
use policy_core::model::program::Registration;
use policy_core::model::routing::PathPattern;

use super::ends::Ends;
use super::led::Led;
use super::meant::Meant;
use crate::routes::asked::unmatched;
use crate::routes::behind::Taker;
use crate::routes::patterns::nearest;
use crate::wording;

/// What is wrong.
pub(super) fn message(led: &Led<'_>, ends: &Ends<'_>, meant: Meant<'_>, missed: &[&Registration]) -> String {
    let Ends { table, taker, .. } = ends;
    let table = &table.name;
    let name = &led.backend.container;
    let paths: Vec<&PathPattern> = missed.iter().map(|missed| &missed.path).collect();
    let shown = wording::paths(&paths);
    let is_one = paths.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
    let (them, paths) = if is_one { ("it", "this path") } else { ("them", "these paths") };
    let ends = match taker {
        Taker::Entrance => format!("answers requests for {them} with a fixed response"),
        taker @ Taker::Container(..) => format!("sends requests for {them} to {}", taker.name()),
    };
    let because = format!("but `{table}` {ends}: none of its rules for `{name}` matches {paths}");
    match meant {
        Meant::BelowIsRouted(base, _) => format!(
            "`{name}` serves {shown}, but `{table}` {ends}: the pattern `{base}/*` does not match `{base}` itself"
        ),
        Meant::Socket => format!("`{name}` serves the WebSocket {shown}, {because}"),
        Meant::Called(_) => format!("`{name}` serves {shown}, which a program requests, {because}"),
        Meant::OfPages(_) => format!("pages of `{name}` load {shown} from `{name}`, {because}"),
        Meant::Siblings(_) | Meant::Program | Meant::Proxied(_) => {
            format!("`{name}` serves {shown}, {because}")
        }
    }
}

/// What to do, where the program is that of the container `name`.
pub(super) fn help(name: &str, meant: Meant<'_>) -> String {
    let add = format!("add the path to a rule that forwards to `{name}`");
    match meant {
        Meant::BelowIsRouted(base, _) => format!("add `{base}` next to `{base}/*`"),
        Meant::Socket | Meant::Called(_) => add,
        Meant::Siblings(_) => format!("{add}, as for the other paths of this router"),
        Meant::Program => format!("{add}, or remove the handler if no client needs it"),
        Meant::OfPages(_) => format!("add the path to the rule that forwards the pages to `{name}`"),
        Meant::Proxied(_) => format!("{add}, as for the other paths that the development server proxies"),
    }
}

/// The places that show that the handlers are meant to be reached, of which `first` is one.
pub(super) fn evidence(led: &Led<'_>, meant: Meant<'_>, first: &Registration) -> Vec<Label> {
    let name = &led.backend.container;
    match meant {
        Meant::BelowIsRouted(base, at) => vec![Label::new(at, format!("`{base}/*` does not match `{base}`"))],
        Meant::Called(at) => {
            vec![Label::new(at, format!("this requests `{}` from the load balancer", first.path))]
        }
        Meant::Siblings(at) => {
            vec![Label::new(at, format!("requests for other routes that are mounted here reach `{name}`"))]
        }
        Meant::OfPages(at) => {
            let pages = first.mounts.last().map(|mount| &mount.prefix);
            let mut routes = led.routes.iter();
            let forwards = routes.find(|route| pages.is_some_and(|pages| route.may_take(pages)));
            let forwards = forwards.map(|route| {
                let label = format!("this forwards the pages to `{name}`, but not what they load");
                Label::new(route.at, label)
            });
            let reached = Label::new(at, format!("requests for these pages reach `{name}`"));
            std::iter::once(reached).chain(forwards).collect()
        }
        Meant::Proxied(at) => vec![Label::new(
            at,
            format!("the development server of the page sends such requests to `{name}`"),
        )],
        Meant::Socket | Meant::Program => {
            let nearest = nearest(led.routes.iter().copied(), &first.path).map(|nearest| {
                let (pattern, path) = (&nearest.pattern, &first.path);
                let label = format!("this forwards `{pattern}` to `{name}`, but does not match `{path}`");
                Label::new(nearest.at, label)
            });
            nearest.into_iter().collect()
        }
    }
}

/// Where the router of the first handler is mounted, unless the evidence shows that place already.
pub(super) fn mounted(meant: Meant<'_>, first: &Registration) -> Option<Label> {
    let mount = first.mounts.last()?;
    let is_new = match meant {
        Meant::Siblings(at) => at != mount.at,
        Meant::Program => true,
        _ => false,
    };
    is_new.then(|| Label::new(mount.at, "its router is mounted here"))
}

/// What takes the requests instead.
pub(super) fn taken(ends: &Ends<'_>) -> Label {
    match ends.landing.by {
        Some(route) => Label::new(route.at, format!("`{}` matches first", route.name)),
        None => Label::new(ends.table.at, unmatched(ends.table)),
    }
}
