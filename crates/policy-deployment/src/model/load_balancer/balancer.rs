//! Load balancers themselves.

use std::sync::Arc;

use policy_text::source::Span;

use crate::model::setting::Setting;

/// A load balancer.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// `application` where it is not set.
    pub kind: Setting<String>,
    /// Whether it has no public address. It has one where this is not set.
    pub internal: Setting<bool>,
}
