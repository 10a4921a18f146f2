//! What rules would have needed to know of the deployment, and nothing tells.

mod host;
mod image;
mod program;
mod proxy;
mod setting;
mod tag;

use policy_text::Unresolved;

use crate::model::Deployment;

/// All of it, by place, each once.
pub(super) fn of(deployment: &Deployment) -> Vec<Unresolved> {
    let mut found: Vec<Unresolved> = setting::unresolved(&deployment.roots);
    found.extend(tag::unresolved(&deployment.images));
    found.extend(image::unresolved(&deployment.roots));
    found.extend(program::unresolved(&deployment.workloads, &deployment.programs));
    found.extend(proxy::in_ecs(&deployment.roots));
    found.extend(host::unresolved(&deployment.roots));
    if !deployment.endpoints.is_empty() {
        found.extend(proxy::in_compose(&deployment.compose_services));
    }
    if !deployment.requests.is_empty() {
        found.extend(proxy::in_sites(&deployment.sites));
    }
    found
}
