//! Images that Terraform deploys: in task definitions, in other resources that run containers, in the inputs of modules.

use std::collections::BTreeSet;

use policy_docker::asker::Asker;
use policy_shell::resolve::{State, script_of};
use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{Block, RemoteCall, Resource};
use policy_text::source::Span;
use policy_text::value::{Hole, Origin, Piece, Text};

use super::aws::images;
use crate::commands::written;
use crate::found::Found;
use crate::model::AwsRoot;
use crate::model::image::{ImageRole, ImageUse};

/// Where resources other than task definitions name the image that they run: the type, the blocks that lead to the
/// argument, the argument.
const PLACES: &[(&str, &[&str], &str)] = &[
    ("aws_lambda_function", &[], "image_uri"),
    ("aws_apprunner_service", &["source_configuration", "image_repository"], "image_identifier"),
    ("aws_lightsail_container_service_deployment_version", &["container"], "image"),
    ("google_cloud_run_service", &["template", "spec", "containers"], "image"),
    ("google_cloud_run_v2_service", &["template", "containers"], "image"),
    ("google_cloud_run_v2_job", &["template", "template", "containers"], "image"),
    ("azurerm_container_app", &["template", "container"], "image"),
    ("azurerm_container_group", &["container"], "image"),
    ("azurerm_linux_web_app", &["site_config", "application_stack"], "docker_image_name"),
    ("kubernetes_deployment", &["spec", "template", "spec", "container"], "image"),
    ("kubernetes_deployment_v1", &["spec", "template", "spec", "container"], "image"),
    ("kubernetes_stateful_set", &["spec", "template", "spec", "container"], "image"),
    ("kubernetes_stateful_set_v1", &["spec", "template", "spec", "container"], "image"),
    ("kubernetes_daemonset", &["spec", "template", "spec", "container"], "image"),
    ("kubernetes_daemon_set_v1", &["spec", "template", "spec", "container"], "image"),
    ("kubernetes_pod", &["spec", "container"], "image"),
    ("kubernetes_pod_v1", &["spec", "container"], "image"),
    ("docker_service", &["task_spec", "container_spec"], "image"),
    ("docker_container", &[], "image"),
];

/// Inputs of modules that name an image.
const IMAGE_INPUTS: [&str; 6] =
    ["image", "container_image", "docker_image", "image_uri", "app_image", "service_image"];

/// Inputs of modules that name only the tag of an image.
const TAG_INPUTS: [&str; 4] = ["image_tag", "container_image_tag", "docker_image_tag", "container_tag"];

/// How deep the inputs of a module are looked into.
const MAX_DEPTH: usize = 8;

/// Every image that Terraform deploys, each place once.
pub(crate) fn read(roots: &[AwsRoot]) -> Found {
    let mut found: Vec<ImageUse> = Vec::new();
    for root in roots {
        add_root(root, &mut found);
    }
    let mut seen = BTreeSet::new();
    found.retain(|image| seen.insert((image.at, image.reference.to_string(), image.user.clone())));
    Found::of_images(found)
}

fn add_root(root: &AwsRoot, found: &mut Vec<ImageUse>) {
    for definition in &root.task_definitions {
        for container in &definition.containers {
            let definition = Asker::Resource(definition.name.to_string());
            let user = match container.name.known() {
                Some(name) => Asker::Container { name: name.clone(), of: Box::new(definition) },
                None => definition,
            };
            found.extend(container.images.iter().map(|(image, at)| deployed(image, *at, &user)));
        }
    }
    for resource in &root.terraform.resources {
        add_resource(resource, found);
    }
    for call in &root.terraform.remote_calls {
        add_call(call, found);
    }
}

fn deployed(reference: &Text, at: Span, user: &Asker) -> ImageUse {
    ImageUse { reference: reference.clone(), at, role: ImageRole::Deployed, user: user.clone() }
}

fn add_resource(resource: &Resource, found: &mut Vec<ImageUse>) {
    let user = Asker::Resource(format!("{}.{}", resource.kind, resource.name));
    for (_, path, argument) in PLACES.iter().filter(|(kind, ..)| *kind == &*resource.kind) {
        add_block(&resource.body, path, argument, &user, found);
    }
    match &*resource.kind {
        "aws_batch_job_definition" => {
            let properties = resource.body.get("container_properties").and_then(decoded);
            let image = properties.as_ref().and_then(|properties| properties.get("image"));
            found.extend(images(image).iter().map(|(image, at)| deployed(image, *at, &user)));
        }
        "helm_release" => {
            for set in resource.body.blocks("set") {
                let name = set.get("name").and_then(Value::as_string).unwrap_or_default();
                if name == "image.tag" || name.ends_with(".image.tag") {
                    add_tag(set.get("value"), &user, found);
                }
            }
            let values = resource.body.get("values").and_then(Value::as_list);
            for text in values.iter().flat_map(|values| &values.items).filter_map(Value::to_text) {
                let mut state = State::default();
                let Some(yaml) = script_of(&text, &mut state) else { continue };
                let images = written::images_of_chart(&yaml, &state.placeholders);
                found.extend(images.into_iter().map(|image| ImageUse { user: user.clone(), ..image }));
            }
        }
        _ => {}
    }
}

fn decoded(value: &Value) -> Option<Value> {
    match &value.data {
        Data::String(text) => policy_terraform::resolve::functions::decode_json(text, value.at()).ok(),
        _ => None,
    }
}

fn add_block(block: &Block, path: &[&str], argument: &str, user: &Asker, found: &mut Vec<ImageUse>) {
    match path.split_first() {
        Some((kind, rest)) => {
            for inner in block.blocks(kind) {
                add_block(inner, rest, argument, user, found);
            }
        }
        None => {
            found.extend(images(block.get(argument)).iter().map(|(image, at)| deployed(image, *at, user)));
        }
    }
}

fn add_call(call: &RemoteCall, found: &mut Vec<ImageUse>) {
    let user = Asker::Resource(call.address.to_string());
    for argument in &call.arguments.arguments {
        add_input(&argument.name, &argument.value, &user, 0, found);
    }
}

/// An input of a module, and what it holds: a module for ECS takes containers as objects, by name.
fn add_input(name: &str, value: &Value, user: &Asker, depth: usize, found: &mut Vec<ImageUse>) {
    if IMAGE_INPUTS.contains(&name) {
        for (image, at) in images(Some(value)) {
            if looks_like_reference(&image) {
                found.push(deployed(&image, at, user));
            }
        }
        return;
    }
    if TAG_INPUTS.contains(&name) {
        add_tag(Some(value), user, found);
        return;
    }
    if depth >= MAX_DEPTH {
        return;
    }
    let decoded = if name == "container_definitions" { decoded(value) } else { None };
    match &decoded.as_ref().unwrap_or(value).data {
        Data::List(list) => {
            for item in &list.items {
                add_input("", item, user, depth + 1, found);
            }
        }
        Data::Object(object) => {
            for (key, entry) in &object.entries {
                add_input(key, entry, user, depth + 1, found);
            }
        }
        _ => {}
    }
}

/// A module may mean something else by `image`: the name of a machine image, a path. A registry, a tag or a digest says
/// that it is a container's.
fn looks_like_reference(image: &Text) -> bool {
    let is_path = image.find(['/', '.']) == Some(0);
    !is_path
        && !image.contains("://")
        && !image.contains(' ')
        // Behind the last slash.
        && image.rfind([':', '@']) > image.rfind('/')
}

/// A tag alone: the image it belongs to is not known.
fn add_tag(value: Option<&Value>, user: &Asker, found: &mut Vec<ImageUse>) {
    for (tag, at) in images(value) {
        let name = Hole { origin: Origin::Other("the image is named elsewhere".into()), at };
        let mut reference = Text::empty();
        reference.push(Piece::Hole(name));
        reference.append(&Text::literal(":", at));
        reference.append(&tag);
        found.push(deployed(&reference, at, user));
    }
}
