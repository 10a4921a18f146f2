//! What the containers of tasks run: the image, what listens in it, and how its nginx is configured.

mod given;
mod image;
mod nginx;

use std::collections::BTreeMap;
use std::sync::Arc;

use policy_text::Problem;
use policy_text::source::Sources;

use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::given_image::GivenImage;
use crate::model::image_link::ImageLink;
use crate::model::task_definition::TaskDefinition;
use crate::server::{Given as Told, server_of};
use given::Given;
use image::Candidates;

/// How often a container may be compared with a build, or with an image that a pipeline writes.
const MAX_PAIRS: usize = 2_000_000;

/// Says of each container what it runs. What pipelines write, `given`, counts where the written image is none of `built`. Where
/// there are too many to compare, nothing is said but that.
pub(super) fn link(
    roots: &mut [AwsRoot],
    given: &[GivenImage],
    built: &[BuiltImage],
    sources: &Sources<'_>,
) -> Vec<Problem> {
    let given = Given::new(given, roots);
    let candidates = Candidates::new(built, sources);
    let definitions = roots.iter().flat_map(|root| &root.task_definitions);
    let containers: usize = definitions.map(|definition| definition.containers.len()).sum();
    if let Some(first) = roots.iter().flat_map(|root| &root.task_definitions).next()
        && containers.saturating_mul(candidates.len() + given.len()) > MAX_PAIRS
    {
        let message = "the repository has too many containers and builds to compare each with each; no image of a container \
                       was looked at";
        return vec![Problem::too_costly(first.at, message)];
    }
    for root in roots {
        let definitions = root.task_definitions.iter();
        let linked = definitions.map(|definition| {
            let linked = Arc::new(linked(definition, root, &given, (built, &candidates), sources));
            (Arc::clone(&linked.address), linked)
        });
        let linked: BTreeMap<Arc<str>, Arc<TaskDefinition>> = linked.collect();
        let services = root.services.iter_mut().filter_map(|service| service.task_definition.as_mut());
        for own in root.task_definitions.iter_mut().chain(services) {
            if let Some(linked) = linked.get(&own.address) {
                *own = Arc::clone(linked);
            }
        }
    }
    Vec::new()
}

fn linked(
    definition: &TaskDefinition,
    root: &AwsRoot,
    given: &Given<'_>,
    (built, candidates): (&[BuiltImage], &Candidates<'_>),
    sources: &Sources<'_>,
) -> TaskDefinition {
    let mut new = definition.clone();
    for (index, container) in new.containers.iter_mut().enumerate() {
        container.image = candidates.link(container, root);
        if !matches!(container.image, ImageLink::Built(_)) {
            let images = given.to(definition, container, index);
            if !images.is_empty() {
                let at = container.images.first().map_or(container.at, |(_, at)| *at);
                container.images = images.into_iter().map(|image| (image, at)).collect();
                container.image = candidates.link(container, root);
            }
        }
        let own = container.image.only(built);
        container.server = own.and_then(|image| server_of(image, Told::of(container), sources));
        container.nginx = nginx::of_container(container, built).transpose();
    }
    new
}
