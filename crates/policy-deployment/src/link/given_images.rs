//! Containers whose image a pipeline writes: what their task definition says of it is there for the first start alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy_docker::image::{Pattern, Reference};
use policy_text::source::Sources;
use policy_text::value::Text;

use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::given_image::{GivenImage, Which};
use crate::model::image_link::{ImageLink, image_of};
use crate::model::task_definition::{Container, TaskDefinition};

/// Puts the images that pipelines write in the place of those that link with no build.
pub(super) fn put_in(
    roots: &mut [AwsRoot],
    given: &[GivenImage],
    built: &[BuiltImage],
    sources: &Sources<'_>,
) {
    if given.is_empty() {
        return;
    }
    let given: Vec<&GivenImage> = given.iter().filter(|given| names_one(&given.image)).collect();
    let mut having: BTreeMap<String, BTreeSet<Arc<str>>> = BTreeMap::new();
    for definition in roots.iter().flat_map(|root| &root.task_definitions) {
        for name in definition.containers.iter().filter_map(|container| container.name.known()) {
            having.entry(name.clone()).or_default().insert(Arc::clone(&definition.name));
        }
    }
    // A name that several task definitions have says nothing without the family.
    let is_shared = |name: &str| having.get(name).is_some_and(|definitions| definitions.len() > 1);
    let mut changed: Vec<Vec<Arc<TaskDefinition>>> = Vec::new();
    for root in &*roots {
        let definitions = root.task_definitions.iter().filter_map(|definition| {
            let mut new = TaskDefinition::clone(definition);
            let mut is_new = false;
            for (index, container) in definition.containers.iter().enumerate() {
                if matches!(image_of(container, root, built, sources), ImageLink::Built(_)) {
                    continue;
                }
                let own =
                    given.iter().filter(|given| is_given(given, definition, container, index, &is_shared));
                let images: Vec<Text> = own.map(|given| given.image.clone()).collect();
                if let (Some(own), [_, ..]) = (new.containers.get_mut(index), images.as_slice()) {
                    let at = container.images.first().map_or(container.at, |(_, at)| *at);
                    own.images = images.into_iter().map(|image| (image, at)).collect();
                    is_new = true;
                }
            }
            is_new.then(|| Arc::new(new))
        });
        changed.push(definitions.collect());
    }
    for (root, changed) in roots.iter_mut().zip(changed) {
        let services = root.services.iter_mut().filter_map(|service| service.task_definition.as_mut());
        for own in root.task_definitions.iter_mut().chain(services) {
            if let Some(new) = changed.iter().find(|new| new.address == own.address) {
                *own = Arc::clone(new);
            }
        }
    }
}

/// Whether the last part of the image's name is written out.
fn names_one(image: &Text) -> bool {
    Reference::parse(image).is_some_and(|reference| {
        let name = &reference.name;
        name.slice(name.rfind('/').map_or(0, |slash| slash + 1)..usize::MAX).known().is_some()
    })
}

fn is_given(
    given: &GivenImage,
    definition: &TaskDefinition,
    container: &Container,
    index: usize,
    is_shared: &dyn Fn(&str) -> bool,
) -> bool {
    let is_family = given.family.as_ref().and_then(|family| {
        let own = Text::literal(definition.family.known()?.as_str(), definition.at);
        Some(Pattern::of(family).meets(&Pattern::of(&own)))
    });
    match &given.container {
        Which::Named(name) => container.name.known().is_some_and(|own| {
            name.known().as_deref() == Some(own.as_str()) && is_family.unwrap_or_else(|| !is_shared(own))
        }),
        Which::At(place) => *place == index && is_family == Some(true) && !definition.more_containers,
        Which::Only => {
            is_family == Some(true) && definition.containers.len() == 1 && !definition.more_containers
        }
    }
}
