//! Redirects of a load balancer to itself.

use policy_text::source::Span;

use super::{Listener, Protocol};
use crate::model::setting::Setting;

/// Where a listener, or one of its rules, sends clients on the host that they asked.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The head of the block.
    pub at: Span,
    /// What they are to speak; what they speak already where it is not set.
    pub protocol: Setting<String>,
    /// The port that they are to ask; the one that they asked where it is not set.
    pub port: Setting<String>,
}

impl Redirect {
    /// What clients of `listener` come to ask: the protocol and the port. `None` where that is not known.
    pub fn from(&self, listener: &Listener) -> Option<(Protocol, i64)> {
        let protocol = match &self.protocol {
            Setting::Unknown(..) => return None,
            Setting::Known(protocol, _) if protocol != "#{protocol}" => Protocol::from(protocol.clone()),
            Setting::Known(..) | Setting::Unset => listener.protocol.known()?.clone(),
        };
        let port = match &self.port {
            Setting::Unknown(..) => return None,
            Setting::Known(port, _) if port != "#{port}" => port.parse().ok()?,
            Setting::Known(..) | Setting::Unset => *listener.port.known()?,
        };
        Some((protocol, port))
    }
}
