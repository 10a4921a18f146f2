//! Routes: which requests each takes, and where it sends them.

use std::sync::Arc;

use policy_http::path::PathPattern;
use policy_text::source::Span;

/// One route of a table.
#[derive(Clone, Debug)]
pub struct Route {
    /// What messages call it.
    pub name: Arc<str>,
    /// Where it is written.
    pub at: Span,
    /// The number by which it stands in its order, where it has one.
    pub number: Option<i64>,
    /// The paths that it takes. `None` where it looks at no path.
    pub paths: Option<Vec<RoutePath>>,
    /// What it looks at beside the path.
    pub narrowed_by: Vec<Narrowing>,
    /// Where it sends a request that it takes.
    pub destination: Destination,
}

/// Paths that a route takes.
#[derive(Clone, Debug)]
pub struct RoutePath {
    /// The paths.
    pub pattern: PathPattern,
    /// Where they are written.
    pub at: Span,
}

/// What a route looks at beside the path: it takes only some of the requests for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Narrowing {
    /// The host that is asked, by these patterns.
    Host(Vec<String>),
    /// The method, by these names.
    Method(Vec<String>),
    /// The path, by this expression of nginx.
    Expression(String),
    /// A header, a parameter of the query, or the address of the client.
    Other,
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub enum Destination {
    /// To these targets: more than one where they share the requests. Never empty.
    Targets(Vec<Target>),
    /// To the listeners of the load balancer at this address.
    Balancer(Arc<str>),
    /// To a bucket of files.
    Bucket,
    /// To files that the entrance has itself, or a page that stands for those that it lacks.
    Files,
    /// To another address: the client is told so.
    Redirect,
    /// Nowhere: the entrance answers by itself.
    Answer,
    /// That cannot be told.
    Unknown,
}

/// What stands behind an entrance: a target group, an origin, a service of Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// What tells it from others of its root module or namespace: the full address of a resource.
    pub address: Arc<str>,
}

impl Route {
    /// Whether it takes some requests for these paths.
    pub fn may_take(&self, paths: &PathPattern) -> bool {
        self.paths.as_ref().is_none_or(|own| own.iter().any(|own| own.pattern.meets(paths)))
    }

    /// Whether it takes every request for these paths.
    pub fn takes_all(&self, paths: &PathPattern) -> bool {
        self.narrowed_by.is_empty() && self.takes_all_at_its_hosts(paths)
    }

    /// Whether it takes every request for these paths at the hosts that it is for.
    pub(super) fn takes_all_at_its_hosts(&self, paths: &PathPattern) -> bool {
        self.narrowed_by.iter().all(|narrowing| matches!(narrowing, Narrowing::Host(_)))
            && self.paths.as_ref().is_none_or(|own| own.iter().any(|own| own.pattern.covers(paths)))
    }

    /// Whether it takes requests at this host; `None` is any that no route names.
    pub(super) fn may_be_for(&self, host: Option<&str>) -> bool {
        self.narrowed_by.iter().all(|narrowing| {
            let Narrowing::Host(patterns) = narrowing else { return true };
            let mut patterns = patterns.iter().filter_map(|own| PathPattern::with_wildcards(own));
            let host = host.and_then(PathPattern::literal);
            match host {
                Some(host) => patterns.any(|own| own.covers(&host)),
                None => patterns.any(|own| own == PathPattern::everything()),
            }
        })
    }
}

impl Destination {
    /// The targets; none where the request goes to no target, or nobody knows where.
    pub fn targets(&self) -> &[Target] {
        match self {
            Self::Targets(targets) => targets,
            Self::Balancer(_)
            | Self::Bucket
            | Self::Files
            | Self::Redirect
            | Self::Answer
            | Self::Unknown => &[],
        }
    }
}
