//! Listeners: the ports that a load balancer opens.

use std::sync::Arc;

use crate::model::setting::{self, Setting};
use crate::resolve::terraform::value::{Reference, Value};
use crate::resolve::terraform::world::{Block, Resource, Root};
use crate::source::Span;

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
    /// `HTTP`, `HTTPS`, `TCP`, `TLS`, …
    pub protocol: Setting<String>,
    /// Whether a certificate is given. An empty string that is written out is none; one that a variable has by default
    /// stands for what is to be set.
    pub has_certificate: bool,
    /// The load balancer, where it is a resource of the configuration.
    pub load_balancer: Option<Reference>,
    /// The target groups that the default actions forward to.
    pub default_targets: Vec<Reference>,
    /// Whether the listener is created for certain.
    pub certain: bool,
}

/// The listeners of a root module and all modules that it calls, by address.
pub(in crate::model) fn listeners(root: &Root) -> Vec<Listener> {
    root.resources(&["aws_lb_listener", "aws_alb_listener"]).map(of_resource).collect()
}

fn of_resource(resource: &Resource) -> Listener {
    let body = &resource.body;
    Listener {
        name: format!("{}.{}", resource.kind, resource.name).into(),
        address: resource.address.clone(),
        at: resource.at,
        port: setting::integer(body, "port"),
        protocol: setting::text(body, "protocol"),
        has_certificate: body.argument("certificate_arn").is_some_and(|certificate| {
            !certificate.is_literal || certificate.value.as_string().as_deref() != Some("")
        }),
        load_balancer: body.get("load_balancer_arn").and_then(Value::as_reference).cloned(),
        default_targets: body.blocks("default_action").flat_map(targets).collect(),
        certain: resource.certain,
    }
}

/// The target groups that an action forwards to.
pub(super) fn targets(action: &Block) -> Vec<Reference> {
    let direct = action.get("target_group_arn").into_iter();
    let weighted = action.blocks("forward").flat_map(|forward| forward.blocks("target_group"));
    let weighted = weighted.filter_map(|group| group.get("arn"));
    direct.chain(weighted).filter_map(Value::as_reference).cloned().collect()
}
