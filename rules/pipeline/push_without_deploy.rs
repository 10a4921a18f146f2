//! A workflow pushes an image with each commit, and nothing makes a task use it.

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::image::{ImageUse, Reference, Version};
use policy_core::model::task_definition::Container;
use policy_core::rule::Context;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.deployment.commit_pushes.may_be_deployed {
        return Vec::new();
    }
    let found = context.each_root(|root| {
        let containers = root.task_definitions.iter().flat_map(|definition| &definition.containers);
        containers.filter_map(|container| in_container(context, container)).collect()
    });
    cause::merge(found.into_iter())
}

fn in_container(context: &Context<'_>, container: &Container) -> Option<Finding> {
    let [(reference, at)] = container.images.as_slice() else { return None };
    let tag = constant_tag(&Reference::parse(reference)?)?;
    let images = container.image.built(&context.deployment.built_images);
    let pushed = images.iter().find_map(|image| pushed_on_commit(context, image))?;
    let whose = container.shown_name.as_str();
    let message = format!(
        "{} pushes the image of `{whose}` on each commit, but nothing in this repository deploys it: running tasks keep the old image",
        pushed.user
    );
    let finding =
        Finding::new(message, Label::new(pushed.at, "the image is pushed here")).related(Label::new(
            *at,
            format!("the task definition names the tag `{tag}`; a push does not change running tasks"),
        ));
    Some(finding.help(
        "register a task definition with the new tag and update the service after the push, or run `terraform apply` with the new tag",
    ))
}

/// The tag, where it is written out and nothing that is passed in decides it.
fn constant_tag(reference: &Reference) -> Option<String> {
    match &reference.version {
        Version::Tag(tag) => {
            let from = tag.last_literal()?;
            let is_passed_in = from.steps().any(|step| step.at.file != from.at.file);
            tag.known().filter(|_| !is_passed_in).map(std::borrow::Cow::into_owned)
        }
        Version::Untagged => Some("latest".to_owned()),
        Version::Digest | Version::Unknown => None,
    }
}

/// Where a workflow that runs on each push pushes the image.
fn pushed_on_commit<'a>(context: &Context<'a>, image: &BuiltImage) -> Option<&'a ImageUse> {
    let workflows = &context.deployment.commit_pushes.workflows;
    let mut used = context.deployment.images.iter();
    used.find(|used| workflows.contains(&used.at.file) && image.is_pushed_by(used))
}
