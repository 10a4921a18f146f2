//! The status with which a program answers a path that it does not serve.

use policy_core::model::nginx_image::{Configuration, Outcome, Server, route};
use policy_core::model::program::{Answers, Methods, Program, Registration, Served, Serves};
use policy_core::model::routing::{PathPattern, is_for_operations};
use policy_core::source::Span;

/// An answer that is not the one of a handler for the request.
pub(crate) struct Refused<'a> {
    /// The status.
    pub(crate) status: Status,
    /// What decides it, where something does: a handler for other requests, a location of nginx.
    pub(crate) by: Option<Span>,
    /// A handler that the request may be meant for.
    pub(crate) meant: Option<&'a Registration>,
}

/// A status, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// This one.
    Exactly(u16),
    /// One of those that send the client elsewhere.
    Redirect,
}

/// What `program` answers to `GET path` on `port`, where it is certain that no handler of it takes the request.
pub(crate) fn refused<'a>(program: &'a Program, path: &str, port: i64) -> Option<Refused<'a>> {
    match &program.serves {
        Serves::Registered(served) => registered(program, served, &PathPattern::literal(path)?),
        Serves::Nginx(_, configured) => by_nginx(&configured.configuration, path, port),
        Serves::Unknown(_) => None,
    }
}

fn registered<'a>(program: &Program, served: &'a Served, path: &PathPattern) -> Option<Refused<'a>> {
    // Nothing is known of a program without any handler.
    if served.registrations.is_empty() || served.may_answer(path) {
        return None;
    }
    let mut refused = Refused { status: Status::Exactly(404), by: None, meant: meant(served, path) };
    for registration in served.certain(path) {
        refused.status = match &registration.answers {
            Answers::Redirect if program.redirects_slashes => Status::Redirect,
            Answers::Requests(Methods::Only(methods)) if methods.iter().all(|method| method != "GET") => {
                Status::Exactly(405)
            }
            _ => return None,
        };
        refused.by = Some(registration.at);
    }
    Some(refused)
}

/// The handler whose path ends like this one, or else one that is there for such questions.
fn meant<'a>(served: &'a Served, path: &PathPattern) -> Option<&'a Registration> {
    let takes_get = |registration: &&Registration| match &registration.answers {
        Answers::Requests(Methods::Only(methods)) => methods.iter().any(|method| method == "GET"),
        Answers::Requests(Methods::Any) | Answers::Page => true,
        Answers::Sockets | Answers::Redirect => false,
    };
    let literal = |registration: &&'a Registration| registration.path.as_literal().is_some();
    let named = || served.registrations.iter().filter(takes_get).filter(literal);
    let asked = path.as_literal().unwrap_or_default().trim_matches('/');
    let ends_alike = |registration: &&Registration| {
        let own = registration.path.as_literal().unwrap_or_default().trim_matches('/');
        !asked.is_empty()
            && own.strip_suffix(asked).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    };
    let is_probe = |registration: &&Registration| {
        let own = registration.path.as_literal().unwrap_or_default();
        own.contains("health") && is_for_operations(&registration.path)
    };
    // The shortest is the nearest: what lies deeper is the health of a part.
    let nearest = |one: &&'a Registration| one.path.as_literal().map_or(usize::MAX, str::len);
    named().filter(ends_alike).min_by_key(nearest).or_else(|| named().filter(is_probe).min_by_key(nearest))
}

fn by_nginx<'a>(configuration: &'a Configuration, path: &str, port: i64) -> Option<Refused<'a>> {
    if !configuration.gaps.is_empty() {
        return None;
    }
    match route(asked_by_address(configuration, port)?, path) {
        Outcome::Answered { status: Some(status), location, .. } => {
            let by = location.map(|location| location.at);
            Some(Refused { status: Status::Exactly(status), by, meant: None })
        }
        _ => None,
    }
}

/// The server that takes a request which names no host that one of them knows.
fn asked_by_address(configuration: &Configuration, port: i64) -> Option<&Server> {
    // A listener that is not known may be on that port.
    if configuration.listens().any(|listen| listen.port.is_none() && !listen.address.starts_with("unix:")) {
        return None;
    }
    let listens = |server: &Server, only_default: bool| {
        server.listens.iter().any(|listen| {
            listen.port.map(i64::from) == Some(port)
                && !listen.is_ipv6()
                && !listen.is_loopback()
                && !listen.tls
                && (listen.default_server || !only_default)
        })
    };
    let find = |only_default| configuration.servers.iter().find(|server| listens(server, only_default));
    find(true).or_else(|| find(false))
}
