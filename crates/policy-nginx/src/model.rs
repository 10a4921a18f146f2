//! What a configuration means: servers, locations and where they send requests.

use std::sync::Arc;

use policy_text::source::Span;
use policy_text::value::Text;
use regex::Regex;

/// All that nginx reads, resolved.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The servers of `http`, in their order.
    pub servers: Vec<Server>,
    /// The servers of `stream`, in their order: their listeners and where they pass what comes.
    pub streams: Vec<Stream>,
    /// The groups of servers that have names.
    pub upstreams: Vec<Upstream>,
    /// Where something may stand that is not known: a file that no one has, or a line that makes no sense.
    pub gaps: Vec<Span>,
}

/// A server of `http`.
#[derive(Clone, Debug)]
pub struct Server {
    /// The word `server`.
    pub at: Span,
    /// What it listens on; never empty.
    pub listens: Vec<Listen>,
    /// The names of the hosts that it serves, as written.
    pub names: Vec<String>,
    /// The locations, in their order.
    pub locations: Vec<Location>,
    /// What it does itself, where no location matches or before one is looked for.
    pub own: Content,
    /// Whether what is not known may change what it does.
    pub gap: Option<Span>,
}

/// A server of `stream`.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The word `server`.
    pub at: Span,
    /// What it listens on.
    pub listens: Vec<Listen>,
    /// Where it passes what comes.
    pub pass: Option<Pass>,
}

/// What a server listens on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// The directive, or the server where it has none and nginx's own default counts.
    pub at: Span,
    /// The address as written: empty for all of IPv4.
    pub address: String,
    /// The port. `None` for a socket in the file system and for what is not known.
    pub port: Option<u16>,
    /// Whether it speaks TLS.
    pub tls: bool,
    /// Whether it takes the requests for hosts that no server names.
    pub default_server: bool,
    /// Whether it listens for UDP.
    pub udp: bool,
}

impl Listen {
    /// Whether it listens on IPv6. A wildcard of IPv6 takes IPv6 alone, as nginx sets it up by default.
    pub fn is_ipv6(&self) -> bool {
        self.address.starts_with('[')
    }

    /// Whether only the machine itself reaches it.
    pub fn is_loopback(&self) -> bool {
        self.address == "localhost" || self.address == "[::1]" || self.address.starts_with("127.")
    }
}

/// A location, or an `if` or `limit_except` in one.
#[derive(Clone, Debug)]
pub struct Location {
    /// The head of the block.
    pub at: Span,
    /// Which paths it takes.
    pub matcher: Matcher,
    /// What it does.
    pub content: Content,
    /// The locations in it.
    pub nested: Vec<Location>,
    /// Whether what is not known may change what it does.
    pub gap: Option<Span>,
}

/// Which paths a location takes.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// `= /path`
    Exact(String),
    /// `/path`; with `^~` no regular expression is asked where this is the longest.
    Prefix {
        /// What the path begins with.
        path: String,
        /// `^~`
        last: bool,
    },
    /// `~ expression`, `~* expression`. `None` for an expression that only nginx's own library reads.
    Expression(Option<Regex>),
    /// `@name`: reached from within.
    Named(String),
    /// A condition in a location: `if`, `limit_except`.
    Condition,
    /// What cannot be told.
    Unknown,
}

/// What a server, a location or a condition does with a request.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Steps that change the path or end the request, in their order.
    pub steps: Vec<Step>,
    /// What is tried under a condition.
    pub conditions: Vec<Location>,
    /// Where the request is passed.
    pub pass: Option<Pass>,
    /// The folder of files: `root`, or `alias`, which takes the place of the location's own path.
    pub files: Option<Folder>,
    /// The words of `try_files`.
    pub try_files: Vec<Text>,
    /// What is asked for where a page is missing: `error_page 404 …`, `error_page 403 404 …`.
    pub when_missing: Option<Text>,
    /// The headers that are set on the way to another server, also those that are inherited: name and value.
    pub headers: Arc<[(String, Text)]>,
    /// The version of HTTP that is spoken to another server, as written.
    pub http_version: Option<String>,
    /// Where addresses are looked up while nginx runs.
    pub resolver: Option<Span>,
}

/// Where files lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    /// The folder in the image.
    pub path: Text,
    /// Whether it takes the place of the location's path, and does not stand before the whole path.
    pub alias: bool,
}

/// One step of a server or location.
#[derive(Clone, Debug)]
pub enum Step {
    /// `rewrite`
    Rewrite {
        /// The expression. `None` for one that only nginx's own library reads.
        expression: Option<Regex>,
        /// What takes the place of the path.
        replacement: String,
        /// What happens then.
        then: Then,
    },
    /// `return`
    Return {
        /// The status.
        status: Option<u16>,
        /// The address or text.
        to: Option<Text>,
    },
    /// `break`
    Break,
}

/// What happens after a `rewrite` that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The next step.
    Continue,
    /// A location is looked for again.
    Search,
    /// The steps end.
    Stop,
    /// The client is sent elsewhere.
    Redirect(u16),
}

/// Where requests are passed: `proxy_pass` and its kin.
#[derive(Clone, Debug)]
pub struct Pass {
    /// The directive.
    pub at: Span,
    /// The address as written.
    pub address_at: Span,
    /// The name of the directive.
    pub by: String,
    /// `http`, `https`, `grpc`, …; empty where the directive has none.
    pub scheme: Text,
    /// The host, or the name of an upstream.
    pub host: Text,
    /// The port, where one is written and known.
    pub port: Option<u16>,
    /// What is put in the place of the location's path. `None` where the path stays.
    pub uri: Option<Text>,
    /// Whether a variable stands in it: then the host is looked up while nginx runs, and not at its start.
    pub variable: bool,
}

/// A group of servers with a name.
#[derive(Clone, Debug)]
pub struct Upstream {
    /// The head of the block.
    pub at: Span,
    /// The name.
    pub name: String,
    /// Its servers.
    pub servers: Vec<UpstreamServer>,
    /// Where addresses are looked up while nginx runs, which `resolve` needs.
    pub resolver: Option<Span>,
}

/// A server of an upstream.
#[derive(Clone, Debug)]
pub struct UpstreamServer {
    /// The address.
    pub at: Span,
    /// The host. Empty for a socket in the file system.
    pub host: Text,
    /// The port: 80 where none is written.
    pub port: Option<u16>,
    /// Whether its address is looked up again while nginx runs.
    pub resolve: bool,
}

impl Configuration {
    /// The upstream called `name`.
    pub fn upstream(&self, name: &str) -> Option<&Upstream> {
        self.upstreams.iter().find(|upstream| upstream.name.eq_ignore_ascii_case(name))
    }

    /// All that nginx listens on, of every protocol.
    pub fn listens(&self) -> impl Iterator<Item = &Listen> {
        let http = self.servers.iter().flat_map(|server| &server.listens);
        http.chain(self.streams.iter().flat_map(|stream| &stream.listens))
    }

    /// Every place that passes requests on, with the content that it stands in, where that is one of `http`.
    pub fn passes(&self) -> Vec<(&Pass, Option<&Content>)> {
        let mut found = Vec::new();
        let mut pending: Vec<&Location> = Vec::new();
        for server in &self.servers {
            pending.extend(server.own.conditions.iter().chain(&server.locations));
        }
        while let Some(location) = pending.pop() {
            if let Some(pass) = &location.content.pass {
                found.push((pass, Some(&location.content)));
            }
            pending.extend(location.content.conditions.iter().chain(&location.nested));
        }
        found.extend(self.streams.iter().filter_map(|stream| Some((stream.pass.as_ref()?, None))));
        found.sort_by_key(|(pass, _)| pass.at);
        found
    }
}
