//! Containers with a health check whose image is not known.

use policy_text::{Family, Unresolved};

use crate::model::AwsRoot;
use crate::model::image_link::ImageLink;

/// Each container once.
pub(super) fn unresolved(roots: &[AwsRoot]) -> Vec<Unresolved> {
    let mut found = Vec::new();
    for root in roots {
        for container in root.task_definitions.iter().flat_map(|definition| &definition.containers) {
            if !container.health_check.is_set() {
                continue;
            }
            let ImageLink::Unknown(why) = container.image else { continue };
            let name = container.shown_name.as_str();
            let unresolved = Unresolved {
                at: container.images.first().map_or(container.at, |(_, at)| *at),
                what: format!("the contents of the image of `{name}`"),
                why: why.to_owned(),
                needed_by: Some(Family::Ecs),
            };
            if !found.contains(&unresolved) {
                found.push(unresolved);
            }
        }
    }
    found
}
