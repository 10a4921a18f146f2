//! Listeners: the ports that a load balancer opens.

use std::sync::Arc;

use policy_terraform::resolve::value::Reference;
use policy_text::source::Span;

use super::{Action, Protocol, Redirect};
use crate::model::setting::Setting;

/// A listener.
#[derive(Clone, Debug)]
pub struct Listener {
    /// The resource without the modules it is in.
    pub name: Arc<str>,
    /// The full address.
    pub address: Arc<str>,
    /// The head of the block.
    pub at: Span,
    /// The port that is open.
    pub port: Setting<i64>,
    /// What clients speak.
    pub protocol: Setting<Protocol>,
    /// Whether a certificate is given. An empty string that is written out is none; one that a variable has by default
    /// stands for what is to be set.
    pub has_certificate: bool,
    /// The load balancer, where it is a resource of the configuration.
    pub load_balancer: Option<Reference>,
    /// What it does with a request that no rule takes.
    pub default_action: Action,
    /// The target groups that the default actions forward to.
    pub default_targets: Vec<Reference>,
    /// Those of them that get no requests, because others have all the weight.
    pub idle_default_targets: Vec<Reference>,
    /// Where that sends clients, where it sends them to another port of the same load balancer.
    pub redirect: Option<Redirect>,
    /// Whether the listener is created for certain.
    pub certain: bool,
}
