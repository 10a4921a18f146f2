//! What a server listens on.

use crate::model::Listen;
use crate::parse::Directive;

/// The listeners of a server: port 80 where none is written.
pub(super) fn listens(server: &Directive) -> Vec<Listen> {
    let all_tls = server.body().iter().any(|directive| {
        directive.is("ssl") && directive.argument(0).is_some_and(|argument| argument.text == "on")
    });
    let written = server.body().iter().filter(|directive| directive.is("listen"));
    let mut listens: Vec<Listen> = written.filter_map(|directive| listen(directive, all_tls)).collect();
    if listens.is_empty() {
        listens.push(Listen {
            at: server.at,
            address: String::new(),
            port: Some(80),
            tls: all_tls,
            default_server: false,
            udp: false,
        });
    }
    listens
}

fn listen(directive: &Directive, all_tls: bool) -> Option<Listen> {
    let (address, flags) = directive.arguments.split_first()?;
    let says = |names: &[&str]| flags.iter().any(|flag| names.contains(&flag.text.as_str()));
    let (address, port) = address_and_port(&address.text);
    Some(Listen {
        at: directive.at,
        address: address.to_owned(),
        port,
        tls: all_tls || says(&["ssl", "quic"]),
        default_server: says(&["default_server", "default"]),
        udp: says(&["udp", "quic"]),
    })
}

fn address_and_port(text: &str) -> (&str, Option<u16>) {
    if text.starts_with("unix:") || text.contains('$') || !text.is_ascii() {
        return (text, None);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return ("", text.parse().ok());
    }
    let (address, port) = match text.rsplit_once(':').filter(|(_, port)| !port.contains(']')) {
        Some((address, port)) => (address, port.parse().ok()),
        None => (text, Some(80)),
    };
    (if address == "*" { "" } else { address }, port)
}
