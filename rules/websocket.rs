//! Sockets that browsers open: addresses that a deployment does not answer.

mod fault;
mod hardcoded_port;
mod insecure_scheme;
mod localhost_url;
mod ports;
mod redaction;
mod tls;

use policy_core::Family;
use policy_core::rule::Rule;

/// The rules of this family.
pub(crate) const RULES: &[Rule] = &[
    Rule::new(
        Family::Websocket,
        "hardcoded-port",
        include_str!("websocket/hardcoded_port.md"),
        hardcoded_port::check,
    ),
    Rule::new(
        Family::Websocket,
        "insecure-scheme",
        include_str!("websocket/insecure_scheme.md"),
        insecure_scheme::check,
    ),
    Rule::new(
        Family::Websocket,
        "localhost-url",
        include_str!("websocket/localhost_url.md"),
        localhost_url::check,
    ),
];
