//! What Terraform's provider for Docker builds and pushes: `docker_image` and `docker_registry_image`.

use std::collections::BTreeMap;

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, Places, Platforms, local_context};
use policy_terraform::resolve::value::Value;
use policy_terraform::resolve::world::{Block, Resource, Root};
use policy_text::value::Text;

use crate::found::Found;
use crate::model::AwsRoot;
use crate::model::image::ImageRole;

/// The types of resources that are read.
pub(crate) const KINDS: [&str; 2] = ["docker_image", "docker_registry_image"];

/// What all root modules build and push, each place once.
pub(crate) fn read(roots: &[AwsRoot]) -> Found {
    let mut found = Found::default();
    for root in roots.iter().filter_map(|root| root.terraform.as_ref()) {
        for resource in root.resources(&KINDS) {
            image(resource, root, &mut found);
        }
    }
    found
}

fn image(resource: &Resource, root: &Root, found: &mut Found) {
    let user = Asker::Resource(format!("{}.{}", resource.kind, resource.name));
    let build = resource.body.block("build");
    let role = if &*resource.kind == "docker_registry_image" {
        ImageRole::Pushed
    } else if build.is_some() {
        ImageRole::Built
    } else {
        // An image that is only pulled counts where a container runs it.
        ImageRole::Development
    };
    let name = resource.body.get("name").and_then(|name| Some((name.to_text()?, name)));
    if let Some((name, value)) = &name {
        found.image(name, value.at(), role, &user);
    }
    let images = name.into_iter().map(|(name, _)| name).collect();
    if let Some(request) = build.and_then(|build| request(build, root, images, user)) {
        found.build(request);
    }
}

/// The build, where its folder and its Dockerfile are known. A path counts from the folder that Terraform is started in.
fn request(build: &Block, root: &Root, images: Vec<Text>, by: Asker) -> Option<BuildRequest> {
    let context_value = build.get("context").or_else(|| build.get("path"))?;
    let context = root.folder.join(local_context(&context_value.as_string()?)?)?;
    let dockerfile = match build.get("dockerfile") {
        Some(file) => Some(context.join(&file.as_string()?)?),
        None => None,
    };
    let arguments = build.get("build_args").or_else(|| build.get("build_arg")).and_then(Value::as_object);
    let args: BTreeMap<String, Text> = arguments
        .iter()
        .flat_map(|arguments| &arguments.entries)
        .filter_map(|(name, value)| Some((name.to_string(), value.to_text()?)))
        .collect();
    Some(BuildRequest {
        context,
        dockerfile: dockerfile.into(),
        target: build.get("target").and_then(Value::as_string),
        args,
        images,
        platforms: Platforms::Unsaid,
        named_contexts: BTreeMap::new(),
        is_tentative: false,
        at: context_value.at(),
        places: Places::default(),
        by,
    })
}
