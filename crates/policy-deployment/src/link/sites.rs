//! Entrances other than those of AWS, with the services behind them: nginx in compose files, and Ingresses.

mod fronts;
mod ingress;
mod nginx;

pub(super) use ingress::of_ingresses;
pub(super) use nginx::of_compose;

use crate::model::routing::Target;

/// The target that a service of a compose file or of a cluster is.
pub(super) fn target(service: &str) -> Target {
    Target { address: service.into() }
}
