//! Endpoints: the sockets that code opens, and the addresses that they can have.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use policy_text::Unresolved;
use policy_text::source::Span;
use policy_text::value::{Address, Hole, Origin, PagePart, Piece, Text};

/// A place in code that opens a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The call or construction.
    pub at: Span,
    /// What opens it, for messages: "`new WebSocket`", "`io`".
    pub opener: Cow<'static, str>,
    /// The addresses it can be given in production.
    pub urls: Vec<Text>,
    /// Whether it takes the host and the port apart from each other.
    pub takes_port_apart: bool,
    /// The code around it.
    pub code: ClientCode,
}

/// What is known of where the code around an endpoint runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCode {
    /// Why the code is held to run in a browser, worded to follow "because". `None` where nothing tells.
    pub shipped: Option<String>,
    /// What it is part of.
    pub client: Client,
    /// What it can ask to know a build for development: `import.meta.env.DEV`. `None` where no tool builds it.
    pub development_guard: Option<&'static str>,
}

/// What code that does not run on a server is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// A page of a site.
    Page,
    /// An application on a phone.
    Device,
    /// An application for the desktop, or a browser extension: it may well talk to the machine that it is installed on.
    Installed,
}

impl Endpoint {
    /// Why the address cannot be known as far as the port. `None` where it can. A parameter counts only where no call
    /// gives an address.
    pub fn unresolved(&self) -> Option<Unresolved> {
        let mut parameter = None;
        let mut known = false;
        for url in &self.urls {
            match undecided(url) {
                None => known = true,
                Some(hole) if matches!(hole.origin, Origin::Parameter(_)) => parameter = Some(hole),
                Some(hole) => return Some(self.because(&hole)),
            }
        }
        parameter.filter(|_| !known).map(|hole| self.because(&hole))
    }

    /// Whether it connects without TLS to the page's own host, whatever the page comes over.
    pub fn is_plain_to_own_host(&self) -> bool {
        self.urls.iter().any(is_plain_to_own_host) && !self.can_use_tls()
    }

    /// Whether it can connect over TLS, by whatever condition.
    pub fn can_use_tls(&self) -> bool {
        self.urls.iter().map(address).any(|address| {
            address.absolute && matches!(address.scheme_name().as_deref(), Some("wss" | "https") | None)
        })
    }

    fn because(&self, hole: &Hole) -> Unresolved {
        let why = match &hole.origin {
            Origin::Environment(name) => format!("nothing sets the environment variable `{name}`"),
            Origin::Parameter(name) => format!("no known call passes the parameter `{name}`"),
            Origin::Call(name) | Origin::Output { command: name, .. } => {
                format!("the return value of `{name}` is unknown")
            }
            Origin::Other(why) => why.clone().into_owned(),
            origin @ (Origin::Unique(_) | Origin::Cloud(_) | Origin::Page(_)) => {
                format!("`{origin}` is unknown here")
            }
        };
        Unresolved {
            at: self.at,
            what: format!("the address passed to {}", self.opener),
            why,
            needed_by: Some(policy_text::Family::Websocket),
        }
    }
}

/// The first hole in the scheme, host or port of an address that the page's own address does not fill.
pub fn undecided(url: &Text) -> Option<Hole> {
    let address = address(url);
    let foreign = |hole: &&Hole| !matches!(hole.origin, Origin::Page(_));
    if address.absolute {
        let ports = address.port.iter().flat_map(Text::holes);
        return address.host.holes().chain(ports).find(foreign).cloned();
    }
    match url.pieces().first() {
        Some(Piece::Hole(hole)) => Some(hole).filter(foreign).cloned(),
        _ => None,
    }
}

/// Whether an address is one of the page's own host without TLS, and nothing but that can be wrong with it.
pub(super) fn is_plain_to_own_host(url: &Text) -> bool {
    let address = address(url);
    let is_plain = address.scheme_name().as_deref() == Some("ws") && address.port_number().is_none();
    is_plain && Host::of(&address) == Host::Page
}

/// The machine that an address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// The page's own.
    Page,
    /// The machine that the code runs on.
    Local,
    /// The developer's machine under the name that something on it has for it.
    Developers(SeenFrom),
    /// A name or number that only a private network knows.
    Private(String),
    /// A name or number that is written out.
    Named(String),
    /// Decided, in part or whole, by variables of the build.
    Configured,
    /// Decided by what is not known.
    Unknown,
}

/// What has a name of its own for the machine that it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenFrom {
    /// An Android emulator.
    Emulator,
    /// A container.
    Container,
}

impl Host {
    /// What the host of an address names.
    pub fn of(address: &Address) -> Self {
        if let Some(host) = address.host.known() {
            return Self::named(host.into_owned());
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

    fn named(host: String) -> Self {
        let lower = host.to_ascii_lowercase();
        let local = lower == "localhost"
            || lower.ends_with(".localhost")
            || lower.starts_with("127.")
            || matches!(lower.as_str(), "0.0.0.0" | "[::1]" | "[::]");
        match lower.as_str() {
            "" => Self::Unknown,
            _ if local => Self::Local,
            "10.0.2.2" | "10.0.3.2" => Self::Developers(SeenFrom::Emulator),
            "host.docker.internal" => Self::Developers(SeenFrom::Container),
            lower if is_private(lower) => Self::Private(host),
            _ => Self::Named(host),
        }
    }
}

/// Whether a host that is no local one means something in a private network only.
fn is_private(host: &str) -> bool {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return address.is_private() || address.is_link_local();
    }
    let has_one_label = !host.contains(['.', ':']);
    has_one_label || [".local", ".internal", ".lan"].iter().any(|end| host.ends_with(end))
}

/// The address of a socket, also where a library takes one without a scheme: `localhost:8000`, `:8000`.
pub fn address(url: &Text) -> Address {
    let address = Address::parse(url);
    if address.absolute {
        return address;
    }
    let authority = url.slice(0..url.find(['/', '?', '#']).unwrap_or(usize::MAX));
    let names_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !port.is_empty() && !port.contains(|c: char| !c.is_ascii_digit()));
    let first = match url.pieces().first() {
        Some(Piece::Literal(_, provenance)) => provenance.at,
        Some(Piece::Hole(hole)) if !matches!(hole.origin, Origin::Environment(_)) => hole.at,
        _ => return address,
    };
    if !names_port || authority.starts_with(".") {
        return address;
    }
    let mut absolute = Text::literal("//", first);
    absolute.append(url);
    let mut address = Address::parse(&absolute);
    if address.host.is_empty() {
        address.host = Text::hole(Origin::Page(PagePart::Hostname), first);
    }
    address
}
