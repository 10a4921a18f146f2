//! A workflow pushes an image with each commit, and nothing makes a task use it.

use std::sync::Arc;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::image::{ImageUse, Reference, Version};
use policy_core::model::task_definition::{Container, TaskDefinition};
use policy_core::rule::Context;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.deployment.commit_pushes.may_be_deployed {
        return Vec::new();
    }
    let found = context.each_root(|root| {
        let of = |definition: &Arc<TaskDefinition>| {
            let is_started_anew =
                context.deployment.commit_pushes.starts_tasks && !may_be_of_service(definition, root);
            let containers = definition.containers.iter();
            let found = containers.filter_map(|container| in_container(context, container, is_started_anew));
            found.collect::<Vec<_>>()
        };
        root.task_definitions.iter().flat_map(of).collect()
    });
    cause::merge(found.into_iter())
}

/// Whether a service keeps tasks of the definition running, or may. What a schedule or a call starts looks its tag up each time.
fn may_be_of_service(definition: &Arc<TaskDefinition>, root: &AwsRoot) -> bool {
    root.services
        .iter()
        .any(|service| service.task_definition.as_ref().is_none_or(|own| Arc::ptr_eq(own, definition)))
}

fn in_container(context: &Context<'_>, container: &Container, is_started_anew: bool) -> Option<Finding> {
    let [(reference, at)] = container.images.as_slice() else { return None };
    let tag = constant_tag(&Reference::parse(reference)?)?;
    let images = container.image.built(&context.deployment.built_images);
    let on_commit = || images.iter().flat_map(|image| pushed_on_commit(context, image));
    let pushed = on_commit().next()?;
    if is_started_anew && on_commit().any(|push| pushes_tag(push, &tag)) {
        return None;
    }
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
fn pushed_on_commit<'a>(context: &Context<'a>, image: &'a BuiltImage) -> impl Iterator<Item = &'a ImageUse> {
    let workflows = &context.deployment.commit_pushes.workflows;
    let used = context.deployment.images.iter();
    used.filter(move |used| workflows.contains(&used.at.file) && image.is_pushed_by(used))
}

fn pushes_tag(push: &ImageUse, tag: &str) -> bool {
    match Reference::parse(&push.reference).map(|reference| reference.version) {
        Some(Version::Tag(own)) => own.known().is_some_and(|own| own == tag),
        Some(Version::Untagged) => tag == "latest",
        _ => false,
    }
}
