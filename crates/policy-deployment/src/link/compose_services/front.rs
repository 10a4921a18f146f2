//! What may stand before a service of a compose file on its machine.

use policy_text::source::Span;
use policy_text::yaml::Node;

/// Words of labels and variables by which proxies find the services that they send requests to.
const FOUND_BY: [&str; 4] = ["traefik.", "caddy", "VIRTUAL_HOST", "proxy."];

/// The ports that browsers ask where an address names none.
const WEB_PORTS: [&str; 2] = ["80", "443"];

/// What shows that something stands before it.
pub(super) fn of_service(service: Node<'_>) -> Option<Span> {
    let told = ["labels", "environment"].iter().filter_map(|key| service.get(key)).find(|node| {
        let mapped = node.entries().into_iter().filter_map(|(name, _)| name.as_str());
        let mut names = mapped.chain(node.items().filter_map(Node::as_str));
        names.any(|name| FOUND_BY.iter().any(|word| name.starts_with(word)))
    });
    let local = service.get("ports").into_iter().flat_map(Node::items).find(|port| {
        let host = port.get("host_ip").and_then(Node::as_str);
        let written = host.or_else(|| port.as_str()).unwrap_or_default();
        ["127.", "localhost", "[::1]"].iter().any(|start| written.starts_with(start))
    });
    told.or(local).map(Node::span)
}

/// Where it may take one of the ports of the web.
pub(super) fn web_port(service: Node<'_>) -> Option<Span> {
    let ports = service.get("ports").into_iter().flat_map(Node::items);
    let takes = |port: &Node<'_>| {
        let published = port.get("published").and_then(Node::as_str);
        let of_machine = published.or_else(|| port.as_str()?.rsplit_once(':').map(|(host, _)| host));
        of_machine.is_some_and(|written| {
            written.contains('$') || WEB_PORTS.iter().any(|web| written.rsplit(':').next() == Some(web))
        })
    };
    let on_host = service.get("network_mode").filter(|mode| mode.as_str() == Some("host"));
    ports.filter(takes).map(Node::span).next().or_else(|| on_host.map(Node::span))
}
