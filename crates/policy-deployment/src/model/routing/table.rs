//! A table: the routes of one entrance in the order in which they are asked.

use std::sync::Arc;

use policy_text::source::Span;

use super::order::Order;
use super::route::{Destination, Route, Target};
use crate::model::distribution::Distribution;

/// Where one entrance sends the requests that come to it.
#[derive(Clone, Debug)]
pub struct Table {
    /// What it belongs to.
    pub entrance: Entrance,
    /// What messages call it.
    pub name: Arc<str>,
    /// Where it is written.
    pub at: Span,
    /// The port at which requests come, where that is known.
    pub port: Option<i64>,
    /// The routes, in the order in which they are asked.
    pub routes: Arc<[Route]>,
    /// Which of them takes a request.
    pub order: Order,
    /// Where a request goes that no route takes.
    pub default: Destination,
    /// Why there may be other routes than these. `None` for a table that is known completely.
    pub open: Option<Open>,
}

/// What a table belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// A listener of a load balancer.
    Listener {
        /// Its full address.
        address: Arc<str>,
        /// The full address of the load balancer, where it is of the configuration.
        balancer: Option<Arc<str>>,
        /// Whether the load balancer has a public address. `None` where that is not known.
        is_public: Option<bool>,
        /// Whether it speaks TLS.
        is_secure: bool,
    },
    /// A distribution of CloudFront.
    Distribution {
        /// Its full address.
        address: Arc<str>,
    },
    /// A server of nginx in a service of a compose file.
    Proxy {
        /// The service.
        service: Target,
        /// Whether it publishes a port, so that everybody reaches it.
        is_published: bool,
    },
    /// The Ingresses of one host.
    Ingress {
        /// The host. `None` for every host that has none of its own.
        host: Option<String>,
    },
}

/// Why a table may not be all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The place that says so.
    pub at: Span,
    /// Why, worded to follow "because".
    pub why: String,
}

impl Table {
    /// Whether it is that of a distribution.
    pub fn is_of(&self, distribution: &Distribution) -> bool {
        matches!(&self.entrance, Entrance::Distribution { address } if *address == distribution.address)
    }

    /// Whether everybody can send requests to it.
    pub fn is_public(&self) -> bool {
        match &self.entrance {
            Entrance::Listener { is_public, .. } => *is_public == Some(true),
            Entrance::Proxy { is_published, .. } => *is_published,
            Entrance::Distribution { .. } | Entrance::Ingress { .. } => true,
        }
    }

    /// Every destination of it.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        self.routes.iter().map(|route| &route.destination).chain([&self.default])
    }
}
