//! What shows that pages come over TLS.

use policy_text::source::Span;

/// A place that makes pages come over TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsProof {
    /// What says so.
    pub at: Span,
    /// What it does, for messages: "nginx serves pages over TLS".
    pub what: &'static str,
}
