//! The images that Dockerfiles start from and take files from.

use std::collections::BTreeMap;

use super::Deployment;
use super::context::{Origin, Stages, sources_elsewhere};
use super::image::{ImageRole, ImageUse};
use crate::parse::Parsed;
use crate::parse::dockerfile::{Dockerfile, Word};
use crate::resolve::Text;

/// Adds every image that a Dockerfile names. Stages of the same file and `scratch` are no images; what only a build
/// argument without a default decides is left out, since whoever builds decides it.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed) {
    let args = BTreeMap::new();
    for (_, dockerfile) in &parsed.dockerfiles {
        let stages = Stages::new(dockerfile, &args);
        for (index, stage) in dockerfile.stages.iter().enumerate() {
            if let Some(Origin::Image(reference)) = stages.base(index) {
                deployment.images.extend(image_use(
                    reference.clone(),
                    &stage.base,
                    name_of(dockerfile, index),
                ));
            }
            stages.walk(index, |instruction, scope| {
                for word in sources_elsewhere(instruction) {
                    if let Origin::Image(reference) = stages.origin(word, scope, index) {
                        deployment.images.extend(image_use(reference, word, name_of(dockerfile, index)));
                    }
                }
            });
        }
    }
}

fn image_use(reference: Text, word: &Word, user: String) -> Option<ImageUse> {
    let decided = reference.holes().next().is_none();
    let is_image =
        decided && !reference.pieces().is_empty() && reference.known().as_deref() != Some("scratch");
    is_image.then_some(ImageUse { reference, at: word.at, role: ImageRole::Base, user })
}

fn name_of(dockerfile: &Dockerfile, index: usize) -> String {
    let name = dockerfile.stages.get(index).and_then(|stage| stage.name.as_ref());
    match name {
        Some(name) => format!("stage `{}`", name.text),
        None if dockerfile.stages.len() == 1 => "the image".to_owned(),
        None => format!("stage {index}"),
    }
}
