//! Which route of a table takes a request: the first one that matches, or the one that nginx chooses.

use std::sync::Arc;

use policy_http::path::{Part, PathPattern};
use policy_nginx::model::{Location, Server};
use policy_nginx::route::{Outcome, route};

use super::landing::{Arrival, Landing};
use super::route::{Destination, Route};
use super::table::Table;

/// How a table chooses among its routes.
#[derive(Clone, Debug)]
pub enum Order {
    /// The first one that takes a request.
    InTurn,
    /// As nginx does, of whose locations they are made: where each stands says little.
    Nginx(Arc<Server>),
}

/// A segment in the place of each that is not written out. Nobody writes a location for it.
const ANY_SEGMENT: &str = "x";

/// Where a server of nginx sends requests for these paths, and as what. `None` where that is not known.
pub(super) fn followed<'t>(table: &'t Table, server: &Server, paths: &PathPattern) -> Option<Arrival<'t>> {
    let asked = example(paths)?;
    let start = paths.literal_start();
    let is_within = |route: &Route| {
        let mut own = route.paths.iter().flatten().map(|own| own.pattern.literal_start());
        own.any(|own| own.len() > start.len() && own.starts_with(start))
    };
    if paths.parts().contains(&Part::Rest) && table.routes.iter().any(is_within) {
        return None;
    }
    let outcome = route(server, &asked);
    let (end, sent) = ended(&outcome, &asked)?;
    let landing = match end.location {
        None => Landing { by: None, destination: &table.default },
        Some(location) => {
            let by = table.routes.iter().find(|route| route.at == location.at)?;
            Landing { by: Some(by), destination: &by.destination }
        }
    };
    let is_meant = match landing.destination {
        Destination::Redirect => end.kind == Kind::Redirected,
        Destination::Answer => end.kind == Kind::Answered,
        Destination::Files => end.kind == Kind::File,
        Destination::Unknown | Destination::Targets(_) => end.kind == Kind::Passed,
        Destination::Balancer(_) | Destination::Bucket => false,
    };
    is_meant.then_some(())?;
    Some(Arrival { landing, paths: rewritten(paths, &asked, &sent)? })
}

/// What becomes of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passed,
    Answered,
    Redirected,
    File,
}

/// The last step of a request in nginx.
struct End<'c> {
    kind: Kind,
    location: Option<&'c Location>,
}

/// The end of a request that was made for `asked`, and the path that is asked for there.
fn ended<'c>(outcome: &Outcome<'c>, asked: &str) -> Option<(End<'c>, String)> {
    let own = |kind, location| Some((End { kind, location }, asked.to_owned()));
    match outcome {
        Outcome::Passed { location, path, .. } => {
            Some((End { kind: Kind::Passed, location: Some(location) }, path.known()?.into_owned()))
        }
        Outcome::Answered { status: Some(300..400), location, .. } => own(Kind::Redirected, *location),
        Outcome::Answered { status: Some(_), location, .. } => own(Kind::Answered, *location),
        Outcome::File { location, otherwise, .. } => match otherwise.as_deref() {
            // A file that is not there, and the page of a single-page application in its place.
            None | Some(Outcome::File { .. } | Outcome::Answered { status: Some(400..), .. }) => {
                own(Kind::File, *location)
            }
            // A program that is asked for all that is no file.
            Some(Outcome::Passed { pass, location, .. }) if pass.uri.is_none() => {
                own(Kind::Passed, Some(location))
            }
            Some(Outcome::Passed { .. } | Outcome::Answered { .. } | Outcome::Unknown) => None,
        },
        Outcome::Answered { status: None, .. } | Outcome::Unknown => None,
    }
}

/// One of the paths, with nothing or one segment in the place of a rest.
fn example(paths: &PathPattern) -> Option<String> {
    let mut written = String::new();
    for part in paths.parts() {
        match part {
            Part::Literal(text) => written.push_str(text),
            Part::Segment => written.push_str(ANY_SEGMENT),
            Part::Rest if written.ends_with('/') => written.push_str(ANY_SEGMENT),
            Part::Rest => {}
            Part::Character => return None,
        }
    }
    written.starts_with('/').then_some(written)
}

/// The paths as they are sent, where `asked` of them was sent as `sent`: only what stands before the first that is not
/// written out was changed.
fn rewritten(paths: &PathPattern, asked: &str, sent: &str) -> Option<PathPattern> {
    if asked == sent {
        return Some(paths.clone());
    }
    if paths.as_literal().is_some() {
        return PathPattern::literal(sent);
    }
    let start = paths.literal_start();
    let kept = asked.get(start.len()..)?;
    let before = sent.strip_suffix(kept)?;
    let rest = paths.parts().get(1..)?.iter().cloned();
    PathPattern::new([Part::Literal(before.to_owned())].into_iter().chain(rest))
}
