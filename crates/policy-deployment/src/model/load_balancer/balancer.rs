//! Load balancers themselves.

use std::sync::Arc;

use policy_text::source::Span;

use crate::model::references::References;
use crate::model::setting::Setting;

/// A load balancer.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// `application` where it is not set.
    pub kind: Setting<String>,
    /// Whether it has no public address. It has one where this is not set.
    pub internal: Setting<bool>,
    /// The security groups that it is in. Where it names none, it is in the default one of its network.
    pub security_groups: References,
}
