//! Endpoints: the sockets that code opens, and the addresses that they can have.

use std::borrow::Cow;

use crate::resolve::{Address, Origin, PagePart, Piece, Text};
use crate::source::Span;

/// A place in code that opens a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The call or construction.
    pub at: Span,
    /// What opens it, for messages: "`new WebSocket`", "`io`".
    pub opener: Cow<'static, str>,
    /// The addresses it can be given in production.
    pub urls: Vec<Text>,
    /// Why the code is held to run in a browser, worded to follow "because".
    pub shipped: String,
}

/// The machine that an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// The page's own.
    Page,
    /// The user's own machine.
    Local,
    /// A name or number that is written out.
    Named(String),
    /// Decided, in part or whole, by variables of the build.
    Configured,
    /// Decided by what is not known.
    Unknown,
}

impl Host {
    /// What the host of an address names.
    pub fn of(address: &Address) -> Self {
        if let Some(host) = address.host.known() {
            return if is_local(&host) { Self::Local } else { Self::Named(host.into_owned()) };
        }
        let mut configured = true;
        for hole in address.host.holes() {
            match &hole.origin {
                Origin::Page(PagePart::Hostname | PagePart::Host | PagePart::Origin) => return Self::Page,
                Origin::Environment(_) => {}
                _ => configured = false,
            }
        }
        if configured { Self::Configured } else { Self::Unknown }
    }
}

/// Whether a host can only be the machine that the code runs on.
fn is_local(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || matches!(host.as_str(), "0.0.0.0" | "[::1]" | "[::]" | "10.0.2.2" | "host.docker.internal")
}

/// The address of a socket, also where a library takes one without a scheme: `localhost:8000`, `:8000`.
pub fn address(url: &Text) -> Address {
    let address = Address::parse(url);
    if address.absolute {
        return address;
    }
    let rendered = url.render('\u{1}');
    let authority = rendered.split(['/', '?', '#']).next().unwrap_or_default();
    let names_port = authority.rsplit_once(':').is_some_and(|(_, port)| {
        !port.is_empty() && port.chars().all(|digit| digit.is_ascii_digit() || digit == '\u{1}')
    });
    let first = match url.pieces().first() {
        Some(Piece::Literal(_, provenance)) => provenance.at,
        Some(Piece::Hole(hole)) if !matches!(hole.origin, Origin::Environment(_)) => hole.at,
        _ => return address,
    };
    if !names_port || authority.starts_with('.') {
        return address;
    }
    let mut absolute = Text::literal("//", first);
    absolute.append(url);
    let mut address = Address::parse(&absolute);
    if address.host == Text::empty() {
        address.host = Text::hole(Origin::Page(PagePart::Hostname), first);
    }
    address
}
