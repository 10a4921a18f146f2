//! Containers with a health check whose image is not known.

use policy_text::{Family, Unresolved};

use crate::model::AwsRoot;
use crate::model::image_link::ImageLink;

/// The contents of the image of each.
pub(super) fn unresolved(roots: &[AwsRoot]) -> impl Iterator<Item = Unresolved> {
    let containers = roots.iter().flat_map(|root| &root.task_definitions).flat_map(|task| &task.containers);
    containers.filter(|container| container.health_check.is_set()).filter_map(|container| {
        let ImageLink::Unknown(why) = container.image else { return None };
        Some(Unresolved {
            at: container.images.first().map_or(container.at, |(_, at)| *at),
            what: format!("the contents of the image of `{}`", container.shown_name),
            why: why.to_owned(),
            needed_by: Some(Family::Ecs),
        })
    })
}
