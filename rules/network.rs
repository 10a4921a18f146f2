//! Networks: names, ports and headers between containers.

use policy_core::Family;
use policy_core::rule::Rule;

mod asked_port;
mod exposed;
mod loopback_listener;
mod loopback_peer;
mod no_websocket_upgrade;
mod open_backend_port;
mod passed;
mod port_mismatch;
mod private_host;
mod privileged_port;
mod stale_dns;
mod unknown_host;
mod unreachable_target;
mod unregistered_service;
mod unrouted_endpoint;
mod unserved_health_path;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Network,
        "loopback-listener",
        include_str!("network/loopback_listener.md"),
        loopback_listener::check,
    ),
    Rule::new(
        Family::Network,
        "loopback-peer",
        include_str!("network/loopback_peer.md"),
        loopback_peer::check,
    ),
    Rule::new(
        Family::Network,
        "no-websocket-upgrade",
        include_str!("network/no_websocket_upgrade.md"),
        no_websocket_upgrade::check,
    ),
    Rule::new(
        Family::Network,
        "open-backend-port",
        include_str!("network/open_backend_port.md"),
        open_backend_port::check,
    ),
    Rule::new(
        Family::Network,
        "port-mismatch",
        include_str!("network/port_mismatch.md"),
        port_mismatch::check,
    ),
    Rule::new(
        Family::Network,
        "privileged-port",
        include_str!("network/privileged_port.md"),
        privileged_port::check,
    ),
    Rule::new(Family::Network, "stale-dns", include_str!("network/stale_dns.md"), stale_dns::check),
    Rule::new(Family::Network, "unknown-host", include_str!("network/unknown_host.md"), unknown_host::check),
    Rule::new(
        Family::Network,
        "unreachable-target",
        include_str!("network/unreachable_target.md"),
        unreachable_target::check,
    ),
    Rule::new(
        Family::Network,
        "unregistered-service",
        include_str!("network/unregistered_service.md"),
        unregistered_service::check,
    ),
    Rule::new(
        Family::Network,
        "unrouted-endpoint",
        include_str!("network/unrouted_endpoint.md"),
        unrouted_endpoint::check,
    ),
    Rule::new(
        Family::Network,
        "unserved-health-path",
        include_str!("network/unserved_health_path.md"),
        unserved_health_path::check,
    ),
];
