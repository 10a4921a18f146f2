//! What listeners and their rules do with a request, from Terraform.

use policy_terraform::resolve::value::{Reference, Value};
use policy_terraform::resolve::world::Block;

use super::setting;
use crate::model::load_balancer::{Action, Redirect};

/// What the blocks of an action come to.
pub(super) struct Done {
    pub(super) action: Action,
    /// The target groups that they forward to.
    pub(super) targets: Vec<Reference>,
    /// Those of them that get no requests, because others have all the weight.
    pub(super) idle_targets: Vec<Reference>,
}

impl Done {
    /// What the blocks called `kind` in `body` come to.
    pub(super) fn of_blocks(body: &Block, kind: &str) -> Self {
        let named: Vec<&Value> = body.blocks(kind).flat_map(target_groups).collect();
        let targets: Vec<Reference> =
            named.iter().filter_map(|value| value.as_reference()).cloned().collect();
        let all_known = targets.len() == named.len() && !body.may_have_more(kind);
        let kinds = body.blocks(kind).map(|action| action.get("type").and_then(Value::as_string));
        // Who may ask is settled before: what comes last answers.
        let action = match kinds.last().flatten().as_deref() {
            Some("forward") if all_known && !targets.is_empty() => Action::Forwards,
            Some("redirect") if all_known => Action::Redirects,
            Some("fixed-response") if all_known => Action::Responds,
            _ => Action::Unknown,
        };
        Self { action, targets, idle_targets: body.blocks(kind).flat_map(idle).collect() }
    }
}

/// The target groups that an action names.
fn target_groups(action: &Block) -> impl Iterator<Item = &Value> {
    let weighted = weighted(action).filter_map(|group| group.get("arn"));
    action.get("target_group_arn").into_iter().chain(weighted)
}

/// Where the last of the blocks called `kind` sends clients, where it keeps the host.
pub(super) fn redirect(body: &Block, kind: &str) -> Option<Redirect> {
    let redirect = body.blocks(kind).last()?.block("redirect")?;
    let host = setting::text(redirect, "host");
    let keeps_host = !host.is_set() || host.known().is_some_and(|host| host == "#{host}");
    keeps_host.then(|| Redirect {
        at: redirect.at,
        protocol: setting::text(redirect, "protocol"),
        port: setting::text(redirect, "port"),
    })
}

fn weighted(action: &Block) -> impl Iterator<Item = &Block> {
    action.blocks("forward").flat_map(|forward| forward.blocks("target_group"))
}

/// The target groups of weight 0, where another one has more: the color of a deployment that is not in use.
fn idle(action: &Block) -> Vec<Reference> {
    let weight = |group: &&Block| group.get("weight").and_then(Value::as_integer);
    if !weighted(action).any(|group| weight(&group).is_some_and(|weight| weight > 0)) {
        return Vec::new();
    }
    let idle = weighted(action).filter(|group| weight(group) == Some(0));
    idle.filter_map(|group| group.get("arn")?.as_reference().cloned()).collect()
}
