//! Where requests are passed: the addresses of `proxy_pass` and its kin, and of an upstream's servers.

use policy_text::value::{Address, Text};

use super::scope::Scope;
use crate::model::{Pass, UpstreamServer};
use crate::parse::Directive;

/// The directives that pass a request to another program.
const PASSES: [&str; 6] =
    ["proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass"];

/// Where `directive` passes requests, if it does.
pub(super) fn pass(directive: &Directive, scope: &Scope) -> Option<Pass> {
    let address = directive.argument(0).filter(|_| PASSES.contains(&directive.name.text.as_str()))?;
    let (text, variable) = scope.value(address);
    let mut pass = Pass {
        at: directive.at,
        address_at: address.at,
        by: directive.name.text.clone(),
        scheme: Text::empty(),
        host: Text::empty(),
        port: None,
        uri: None,
        variable,
    };
    let url = Address::parse(&text);
    if url.absolute {
        pass.scheme = url.scheme.split_once(':').map_or(url.scheme.clone(), |(scheme, _)| scheme);
        let is_socket = url.host.known().is_some_and(|host| host == "unix");
        pass.port = url.port_number();
        if !is_socket {
            pass.host = url.host;
            pass.uri = Some(url.rest).filter(|rest| !rest.is_empty());
        }
    } else if !text.known_prefix().starts_with("unix:") {
        (pass.host, pass.port) = host_and_port(&text);
    }
    Some(pass)
}

/// A server of an upstream.
pub(super) fn upstream_server(directive: &Directive, scope: &Scope) -> Option<UpstreamServer> {
    let address = directive.argument(0)?;
    let text = scope.value(address).0;
    let (host, port) = if text.known_prefix().starts_with("unix:") {
        (Text::empty(), None)
    } else {
        let (host, port) = host_and_port(&text);
        let port = port.or_else(|| (host.known() == text.known()).then_some(80));
        (host, port)
    };
    let resolve = directive.arguments.iter().any(|argument| argument.text == "resolve");
    Some(UpstreamServer { at: address.at, host, port, resolve })
}

fn host_and_port(text: &Text) -> (Text, Option<u16>) {
    match text.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((host, port)) => (host, port.known().and_then(|port| port.parse().ok())),
        None => (text.clone(), None),
    }
}
