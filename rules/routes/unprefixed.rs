//! Requests that come to the program which is meant to answer them, with a prefix that it does not know.

use policy_core::finding::{Finding, Label};
use policy_core::model::program::{Backend, Registration, Served, Serves};
use policy_core::model::routing::{Landing, PathPattern, RoutePath, Table};
use policy_core::source::Span;

use super::asked::Asked;
use super::behind::Taker;
use super::handlers::{answering, has_name};
use super::many_calls::counted;

/// A program that would answer a request if something took its prefix away.
pub(super) struct Unprefixed<'a> {
    /// The container that runs it.
    pub(super) backend: &'a Backend,
    served: &'a Served,
    /// The prefix.
    pub(super) prefix: &'a str,
    /// The pattern that it is in.
    pattern: &'a RoutePath,
    /// What messages call the route of that pattern.
    route: &'a str,
    /// The handler that would answer.
    registration: &'a Registration,
}

/// The program that takes the request and does not serve it, where it serves what is behind the prefix by which a route of
/// `entrance`, or of the `table` behind it, picks the request out.
pub(super) fn unprefixed<'a>(
    entrance: &'a Table,
    table: &'a Table,
    landing: Landing<'a>,
    taker: &Taker<'a>,
    asked: &Asked<'a>,
) -> Option<Unprefixed<'a>> {
    let Taker::Container(backend, Some(program)) = *taker else { return None };
    let Serves::Registered(served) = &program.serves else { return None };
    let in_front = if entrance.at == table.at { None } else { entrance.certain_landing(&asked.path) };
    let routes = [Some(landing), in_front].into_iter().flatten().filter_map(|landing| landing.by);
    let picks = |own: &&RoutePath| own.pattern.covers(&asked.path);
    let patterns =
        routes.flat_map(|route| route.paths.iter().flatten().filter(picks).map(move |own| (route, own)));
    patterns.flat_map(|(route, own)| prefixes(own).map(move |prefix| (route, own, prefix))).find_map(
        |(route, pattern, prefix)| {
            let rest = asked.path.after(prefix).filter(has_name)?;
            let registration = answering(program, &rest, asked.methods)?;
            let route = &*route.name;
            Some(Unprefixed { backend, served, prefix, pattern, route, registration })
        },
    )
}

/// `/api/users` and `/api` of `/api/users/*`: what may be there for the load balancer alone.
fn prefixes(own: &RoutePath) -> impl Iterator<Item = &str> {
    let start = own.pattern.literal_start();
    let ends = start.match_indices('/').map(|(at, _)| at).chain([start.len()]);
    let mut ends: Vec<usize> = ends.filter(|end| *end > 0).collect();
    ends.reverse();
    ends.into_iter().filter_map(|end| start.get(..end)).filter(|prefix| !prefix.ends_with('/'))
}

impl Unprefixed<'_> {
    /// The handlers that the same prefix keeps requests from.
    pub(super) fn all<'s>(
        &'s self,
        table: &'s Table,
        landing: Landing<'s>,
    ) -> impl Iterator<Item = Span> + 's {
        let prefix = PathPattern::literal(self.prefix);
        let is_behind = move |registration: &&Registration| {
            let asked = prefix.as_ref().and_then(|prefix| prefix.then(&registration.path));
            let taken = asked.as_ref().and_then(|asked| table.certain_landing(asked));
            taken.is_some_and(|taken| taken.by.map(|route| route.at) == landing.by.map(|route| route.at))
        };
        self.served.registrations.iter().filter(is_behind).map(|registration| registration.at)
    }

    /// Whether the program knows the prefix, and is asked for it twice.
    fn is_doubled(&self) -> bool {
        let rest = self.registration.path.literal_start().strip_prefix(self.prefix);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub(super) fn message(&self, path: &PathPattern, calls: usize) -> String {
        let (name, served) = (&self.backend.container, &self.registration.path);
        let calls = counted(calls);
        if self.is_doubled() {
            let prefix = self.prefix;
            return format!(
                "`{path}` contains the prefix `{prefix}` twice, but `{name}` serves `{served}`{calls}"
            );
        }
        format!(
            "`{}` forwards `{path}` to `{name}` with its prefix, but `{name}` serves `{served}`{calls}",
            self.route
        )
    }

    pub(super) fn explained(&self, finding: Finding) -> Finding {
        let (name, prefix) = (&self.backend.container, self.prefix);
        let handler =
            Label::new(self.registration.at, format!("`{name}` serves `{}` here", self.registration.path));
        let (pattern, help) = if self.is_doubled() {
            (
                "this forwards the path unchanged".to_owned(),
                format!("remove `{prefix}` from the URL or from the path that is appended to it"),
            )
        } else {
            (
                format!("this matches the prefix `{prefix}` and does not strip it"),
                format!(
                    "serve the paths of `{name}` under `{prefix}`, or strip the prefix in the listener rule with `transform`"
                ),
            )
        };
        finding.related(Label::new(self.pattern.at, pattern)).related(handler).help(help)
    }
}
