//! Protocols of listeners and target groups.

use crate::model::word::words;

words! {
    /// What a load balancer speaks with its clients or its targets.
    pub enum Protocol {
        /// HTTP in the clear.
        Http = "HTTP",
        /// HTTP over TLS.
        Https = "HTTPS",
        /// Anything over TLS.
        Tls = "TLS",
    }
}
