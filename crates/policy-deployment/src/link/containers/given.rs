//! Containers whose image a pipeline writes: what their task definition says of it is there for the first start alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use policy_docker::image::{Pattern, Reference};
use policy_text::value::Text;

use crate::model::AwsRoot;
use crate::model::given_image::{GivenImage, Which};
use crate::model::task_definition::{Container, TaskDefinition};

/// The images that pipelines write.
pub(super) struct Given<'g> {
    images: Vec<&'g GivenImage>,
    /// The task definitions that have a container of each name.
    having: BTreeMap<String, BTreeSet<Arc<str>>>,
}

impl<'g> Given<'g> {
    /// Those of `images` that name one.
    pub(super) fn new(images: &'g [GivenImage], roots: &[AwsRoot]) -> Self {
        let images: Vec<&GivenImage> = images.iter().filter(|given| names_one(&given.image)).collect();
        let mut having: BTreeMap<String, BTreeSet<Arc<str>>> = BTreeMap::new();
        if !images.is_empty() {
            for definition in roots.iter().flat_map(|root| &root.task_definitions) {
                for name in definition.containers.iter().filter_map(|container| container.name.known()) {
                    having.entry(name.clone()).or_default().insert(Arc::clone(&definition.name));
                }
            }
        }
        Self { images, having }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.images.len()
    }

    /// The images that are written into `container`, which has the place `index` in `definition`.
    pub(super) fn to(&self, definition: &TaskDefinition, container: &Container, index: usize) -> Vec<Text> {
        let own = self.images.iter().filter(|given| self.is_given(given, definition, container, index));
        own.map(|given| given.image.clone()).collect()
    }

    fn is_given(
        &self,
        given: &GivenImage,
        definition: &TaskDefinition,
        container: &Container,
        index: usize,
    ) -> bool {
        let is_family = given.family.as_ref().and_then(|family| {
            let own = Text::literal(definition.family.known()?.as_str(), definition.at);
            Some(Pattern::of(family).meets(&Pattern::of(&own)))
        });
        match &given.container {
            Which::Named(name) => container.name.known().is_some_and(|own| {
                name.known().as_deref() == Some(own.as_str())
                    && is_family.unwrap_or_else(|| !self.is_shared(own))
            }),
            Which::At(place) => *place == index && is_family == Some(true) && !definition.more_containers,
            Which::Only => {
                is_family == Some(true) && definition.containers.len() == 1 && !definition.more_containers
            }
        }
    }

    /// Whether several task definitions have a container of that name, so that it says nothing without the family.
    fn is_shared(&self, name: &str) -> bool {
        self.having.get(name).is_some_and(|definitions| definitions.len() > 1)
    }
}

/// Whether the last part of the image's name is written out.
fn names_one(image: &Text) -> bool {
    Reference::parse(image).is_some_and(|reference| {
        let name = &reference.name;
        name.slice(name.rfind('/').map_or(0, |slash| slash + 1)..usize::MAX).known().is_some()
    })
}
