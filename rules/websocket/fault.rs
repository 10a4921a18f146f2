//! What is wrong with the address of a socket: one thing at most, at the literal that decides it.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::finding::{Finding, Label};
use policy_core::model::endpoint::{self, Client, ClientCode, Endpoint, Host};
use policy_core::model::tls::TlsProof;
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Address, Origin, Provenance, Text};

use super::{ports, tls};

/// A fault of an address, the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The host is the user's own machine, or the developer's.
    Localhost,
    /// The port is a constant that a load balancer does not open.
    Port(u16),
    /// The scheme is `ws:` wherever the page comes from.
    Scheme,
}

/// One literal that breaks one or more sockets.
pub(super) struct Faulty<'a, T> {
    /// What the rule wanted of the fault.
    pub(super) fault: T,
    /// The literal, and how it got to the first of the sockets.
    pub(super) provenance: Provenance,
    /// The address of the first of the sockets.
    pub(super) url: &'a Text,
    pub(super) host: Host,
    /// What shows that the page comes over TLS, where the socket goes to the page's own host without it.
    pub(super) over_tls: Option<&'a TlsProof>,
    pub(super) endpoints: Vec<&'a Endpoint>,
}

/// The literals with a fault of which `wanted` takes something, in the order of their places.
pub(super) fn faulty<'a, T>(
    context: &Context<'a>,
    wanted: impl Fn(Fault) -> Option<T>,
) -> Vec<Faulty<'a, T>> {
    let mut found: BTreeMap<Span, Faulty<'a, T>> = BTreeMap::new();
    if context.deployment.endpoints.is_empty() {
        return Vec::new();
    }
    let open = ports::open(context);
    for endpoint in &context.deployment.endpoints {
        for url in &endpoint.urls {
            let address = endpoint::address(url);
            let host = Host::of(&address);
            let Some((fault, provenance)) = fault_of(&address, &host, &open, &endpoint.code) else {
                continue;
            };
            let Some(taken) = wanted(fault) else { continue };
            if fault == Fault::Scheme && endpoint.can_use_tls() {
                continue;
            }
            let over_tls = || tls::of_page(context, endpoint);
            let page = (fault == Fault::Scheme && host == Host::Page).then(over_tls);
            if page == Some(None) {
                continue;
            }
            let entry = found.entry(provenance.at).or_insert_with(|| Faulty {
                fault: taken,
                provenance: provenance.clone(),
                url,
                host,
                over_tls: page.flatten(),
                endpoints: Vec::new(),
            });
            if !entry.endpoints.contains(&endpoint) {
                entry.endpoints.push(endpoint);
            }
        }
    }
    found.into_values().collect()
}

/// A local host says more than the port behind it, and a port that is closed more than the scheme in front of it.
fn fault_of<'a>(
    address: &'a Address,
    host: &Host,
    open: &BTreeSet<u16>,
    code: &ClientCode,
) -> Option<(Fault, &'a Provenance)> {
    let scheme = address.scheme_name();
    let opens_socket = match scheme.as_deref() {
        Some("ws" | "wss" | "http" | "https" | "") | None => address.absolute,
        Some(_) => false,
    };
    if !opens_socket {
        return None;
    }
    // What is installed may serve itself, on the machine or in the network that it is installed in.
    if code.client == Client::Installed && !matches!(host, Host::Named(_) | Host::Configured) {
        return None;
    }
    if matches!(host, Host::Local | Host::Developers(_)) {
        // What runs on the developer's machine itself is right to connect to it.
        code.shipped.as_ref()?;
        return Some((Fault::Localhost, address.host.last_literal()?));
    }
    if let Some(port) = address.port_number() {
        let reachable = matches!(port, 80 | 443) || open.contains(&port) || *host == Host::Unknown;
        if !reachable {
            return Some((Fault::Port(port), address.port.as_ref()?.last_literal()?));
        }
    }
    // A page that is itself served without TLS may open such a socket to its own host: that it is not has to be shown.
    let blocked = match host {
        Host::Named(_) | Host::Private(_) => true,
        Host::Page => code.client == Client::Page && code.shipped.is_some(),
        _ => false,
    };
    (blocked && scheme.as_deref() == Some("ws")).then_some((Fault::Scheme, address.scheme.last_literal()?))
}

impl<T> Faulty<'_, T> {
    /// What the code is part of that opens the first of the sockets.
    pub(super) fn client(&self) -> Client {
        self.endpoints.first().map_or(Client::Page, |endpoint| endpoint.code.client)
    }

    /// What that code can ask to know a build for development.
    pub(super) fn development_guard(&self) -> Option<&'static str> {
        self.endpoints.first()?.code.development_guard
    }

    /// Whether the first of the sockets takes the host and the port apart from each other.
    pub(super) fn takes_port_apart(&self) -> bool {
        self.endpoints.first().is_some_and(|endpoint| endpoint.takes_port_apart)
    }

    /// Whether one of the sockets has no other kind of host to connect to, whatever it is given.
    pub(super) fn always(&self) -> bool {
        let given = |url: &&Text| !url.holes().any(|hole| matches!(hole.origin, Origin::Parameter(_)));
        let same = |url: &Text| Host::of(&endpoint::address(url)) == self.host;
        self.endpoints.iter().any(|endpoint| endpoint.urls.iter().filter(given).all(same))
    }

    /// Shows the way from the literal to the sockets, and why the code is held to reach a browser.
    pub(super) fn explain(&self, mut finding: Finding) -> Finding {
        for step in self.provenance.steps().take(2) {
            finding = finding.step(Label::new(step.at, step.note.clone()));
        }
        for (index, endpoint) in self.endpoints.iter().take(3).enumerate() {
            if endpoint.at.file != self.provenance.at.file || !encloses(endpoint.at, self.provenance.at) {
                let text = format!("{} opens the socket here", endpoint.opener);
                let add = if index == 0 { Finding::step } else { Finding::related };
                finding = add(finding, Label::new(endpoint.at, text));
            }
        }
        if let Some(endpoint) = self.endpoints.first() {
            let place = match endpoint.code.client {
                Client::Page | Client::Installed => "in a browser",
                Client::Device => "on devices",
            };
            let why = endpoint.code.shipped.as_deref().unwrap_or("nothing says that it runs elsewhere");
            finding = finding.evidence(format!("this code runs {place}: {why}"));
        }
        finding
    }
}

fn encloses(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
