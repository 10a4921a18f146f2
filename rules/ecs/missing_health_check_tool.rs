//! The health check of a container runs a program that its image does not have.

use policy_core::finding::Finding;
use policy_core::model::AwsRoot;
use policy_core::rule::Context;

use crate::probe::{self, Image};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| in_root(root, context))
}

/// One finding for each place that names a program, which may be that of many containers.
fn in_root(root: &AwsRoot, context: &Context<'_>) -> Vec<Finding> {
    let mut failing: Vec<probe::Failing<'_>> = Vec::new();
    for container in root.task_definitions.iter().flat_map(|definition| &definition.containers) {
        let images = Image::all_of(container, &context.deployment.built_images);
        let Some(lack) = container.health_check.known().and_then(|check| probe::lack(&check.probe, &images))
        else {
            continue;
        };
        let name = container.shown_name.as_str();
        let essential = container.essential.known() != Some(&false);
        if let Some(other) = failing.iter_mut().find(|other| other.lack.at == lack.at) {
            other.whose.push(name);
            other.images.extend(images);
        } else {
            let (then, sources) = (outcome(essential), context.sources);
            failing.push(probe::Failing { whose: vec![name], lack, images, then, sources });
        }
    }
    failing.iter().filter_map(probe::finding).collect()
}

fn outcome(essential: bool) -> &'static str {
    if essential { "ECS keeps replacing the task" } else { "the container is never healthy" }
}
