//! Protocols of listeners and target groups.

use std::fmt;

/// What a load balancer speaks with its clients or its targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP in the clear.
    Http,
    /// HTTP over TLS.
    Https,
    /// Anything over TLS.
    Tls,
    /// Any other, as it is written: `TCP`, `UDP`.
    Other(String),
}

impl Protocol {
    fn name(&self) -> &str {
        match self {
            Self::Http => "HTTP",
            Self::Https => "HTTPS",
            Self::Tls => "TLS",
            Self::Other(written) => written,
        }
    }
}

impl From<String> for Protocol {
    fn from(written: String) -> Self {
        let known = [Self::Http, Self::Https, Self::Tls];
        known.into_iter().find(|known| known.name() == written).unwrap_or(Self::Other(written))
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
