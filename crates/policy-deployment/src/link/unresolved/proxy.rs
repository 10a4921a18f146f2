//! Containers that run nginx, of which it is not known where it passes requests.

use policy_text::{Family, Unresolved};

use crate::model::AwsRoot;
use crate::model::compose_service::ComposeService;
use crate::model::routing::Site;

/// The services of compose files whose nginx gets what the repository does not have.
pub(super) fn in_compose(services: &[ComposeService]) -> impl Iterator<Item = Unresolved> {
    services.iter().filter_map(|service| {
        Some(Unresolved {
            at: service.nginx.as_ref()?.image.doubt?,
            what: format!("where nginx in `{}` sends requests", service.name),
            why: "the mounted file is not in the repository".to_owned(),
            needed_by: Some(Family::Network),
        })
    })
}

/// The entrances of sites of which it is not known where they send requests.
pub(super) fn in_sites(sites: &[Site]) -> impl Iterator<Item = Unresolved> {
    sites.iter().flat_map(|site| &site.tables).filter_map(|table| {
        let open = table.open.as_ref()?;
        Some(Unresolved {
            at: open.at,
            what: format!("the routes of {}", table.name),
            why: open.why.clone(),
            needed_by: Some(Family::Network),
        })
    })
}

/// The containers of ECS.
pub(super) fn in_ecs(roots: &[AwsRoot]) -> impl Iterator<Item = Unresolved> {
    let containers = roots.iter().flat_map(|root| &root.task_definitions).flat_map(|task| &task.containers);
    containers.filter_map(|container| {
        let Some(Err(why)) = &container.nginx else { return None };
        Some(Unresolved {
            at: container.images.first().map_or(container.at, |(_, at)| *at),
            what: format!("where nginx in `{}` sends requests", container.shown_name),
            why: (*why).to_owned(),
            needed_by: Some(Family::Network),
        })
    })
}
