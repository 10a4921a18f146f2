//! Load balancers themselves.

use std::sync::Arc;

use policy_text::source::Span;

use crate::model::references::References;
use crate::model::setting::Setting;
use crate::model::word::words;

/// A load balancer.
#[derive(Clone, Debug)]
pub struct LoadBalancer {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// [`BalancerKind::Application`] where it is not set.
    pub kind: Setting<BalancerKind>,
    /// Whether it has no public address. It has one where this is not set.
    pub internal: Setting<bool>,
    /// The security groups that it is in. Where it names none, it is in the default one of its network.
    pub security_groups: References,
}

impl LoadBalancer {
    /// Whether it reads HTTP requests. `None` where its kind is not known.
    pub fn is_application(&self) -> Option<bool> {
        let (kind, _) = self.kind.or_default(&BalancerKind::Application, self.at)?;
        Some(*kind == BalancerKind::Application)
    }

    /// Whether it reads HTTP requests of everyone. `None` where that is not known.
    pub fn is_public_application(&self) -> Option<bool> {
        let (internal, _) = self.internal.or_default(&false, self.at)?;
        Some(self.is_application()? && !internal)
    }
}

words! {
    /// At which layer a load balancer works.
    pub enum BalancerKind {
        /// It reads HTTP requests.
        Application = "application",
        /// It passes connections on.
        Network = "network",
        /// It passes packets to appliances.
        Gateway = "gateway",
    }
}
