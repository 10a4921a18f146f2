//! Images that Terraform deploys: in task definitions, in other resources that run containers, in the inputs of modules.

use std::collections::BTreeSet;
use std::sync::Arc;

use policy_docker::asker::Asker;
use policy_docker::image::{Reference, tagged};
use policy_shell::resolve::{State, script_of};
use policy_terraform::resolve::value::{Data, Value};
use policy_terraform::resolve::world::{Block, RemoteCall, Resource};
use policy_text::purpose;
use policy_text::source::{RepoPath, Span};
use policy_text::value::{Origin, Text};

use super::aws::images;
use crate::commands::{Key, written};
use crate::image_names::{self, Holds};
use crate::model::AwsRoot;
use crate::model::image::{Caveat, ImageRole, ImageUse};
use crate::model::outsiders::{Deployer, Outsiders};
use crate::model::service::Service;
use crate::model::task_definition::TaskDefinition;

/// Where a resource names the image that it runs.
struct Place {
    /// The type of the resource.
    kind: &'static str,
    /// The blocks that lead to the argument.
    blocks: &'static [&'static str],
    argument: &'static str,
}

/// Where resources other than task definitions name the image that they run.
const PLACES: [Place; 19] = [
    Place { kind: "aws_lambda_function", blocks: &[], argument: "image_uri" },
    Place {
        kind: APP_RUNNER,
        blocks: &["source_configuration", "image_repository"],
        argument: "image_identifier",
    },
    Place {
        kind: "aws_lightsail_container_service_deployment_version",
        blocks: &["container"],
        argument: "image",
    },
    Place {
        kind: "google_cloud_run_service",
        blocks: &["template", "spec", "containers"],
        argument: "image",
    },
    Place { kind: "google_cloud_run_v2_service", blocks: &["template", "containers"], argument: "image" },
    Place {
        kind: "google_cloud_run_v2_job",
        blocks: &["template", "template", "containers"],
        argument: "image",
    },
    Place { kind: "azurerm_container_app", blocks: &["template", "container"], argument: "image" },
    Place { kind: "azurerm_container_group", blocks: &["container"], argument: "image" },
    Place {
        kind: "azurerm_linux_web_app",
        blocks: &["site_config", "application_stack"],
        argument: "docker_image_name",
    },
    Place {
        kind: "kubernetes_deployment",
        blocks: &["spec", "template", "spec", "container"],
        argument: "image",
    },
    Place {
        kind: "kubernetes_deployment_v1",
        blocks: &["spec", "template", "spec", "container"],
        argument: "image",
    },
    Place {
        kind: "kubernetes_stateful_set",
        blocks: &["spec", "template", "spec", "container"],
        argument: "image",
    },
    Place {
        kind: "kubernetes_stateful_set_v1",
        blocks: &["spec", "template", "spec", "container"],
        argument: "image",
    },
    Place {
        kind: "kubernetes_daemonset",
        blocks: &["spec", "template", "spec", "container"],
        argument: "image",
    },
    Place {
        kind: "kubernetes_daemon_set_v1",
        blocks: &["spec", "template", "spec", "container"],
        argument: "image",
    },
    Place { kind: "kubernetes_pod", blocks: &["spec", "container"], argument: "image" },
    Place { kind: "kubernetes_pod_v1", blocks: &["spec", "container"], argument: "image" },
    Place { kind: "docker_service", blocks: &["task_spec", "container_spec"], argument: "image" },
    Place { kind: "docker_container", blocks: &[], argument: "image" },
];

/// The arguments by which functions of Lambda and services of App Runner name their image.
const NOTICES_NO_PUSH: [&str; 2] = ["image_uri", "image_identifier"];

/// A service that may watch a repository for pushes.
const APP_RUNNER: &str = "aws_apprunner_service";

/// A resource whose `container_properties` are JSON with an image.
const JOB_DEFINITION: &str = "aws_batch_job_definition";

/// A resource that gives a chart its values.
const CHART_RELEASE: &str = "helm_release";

/// The types of resources that are read.
pub(crate) fn kinds() -> impl Iterator<Item = &'static str> {
    PLACES.iter().map(|place| place.kind).chain([JOB_DEFINITION, CHART_RELEASE])
}

/// How deep the inputs of a module are looked into.
const MAX_DEPTH: usize = 8;

/// Every image that Terraform deploys, each place once. `outsiders` may deploy others.
pub(crate) fn read(roots: &[AwsRoot], outsiders: Outsiders) -> Vec<ImageUse> {
    let mut found: Vec<ImageUse> = Vec::new();
    // What shows how something is used is applied by nobody.
    for root in roots.iter().filter(|root| !purpose::shows_use(&file_in(&root.folder))) {
        add_root(root, outsiders, &mut found);
    }
    let mut seen = BTreeSet::new();
    found.retain(|image| seen.insert((image.at, image.reference.to_string(), image.user.clone())));
    found
}

/// Any file of the folder.
fn file_in(folder: &RepoPath) -> RepoPath {
    folder.join("main.tf").unwrap_or_else(RepoPath::root)
}

fn add_root(root: &AwsRoot, outsiders: Outsiders, found: &mut Vec<ImageUse>) {
    for definition in &root.task_definitions {
        let replaced = replaced(definition, root).filter(|_| outsiders.deploy == Deployer::BringsRevisions);
        let caveat = replaced.map(|at| (Caveat::Replaced, at));
        for container in &definition.containers {
            let definition = Asker::Resource(definition.name.to_string());
            let user = match container.name.known() {
                Some(name) => Asker::Container { name: name.clone(), of: Box::new(definition) },
                None => definition,
            };
            let named = all_deployed(&container.images, &user);
            found.extend(named.map(|image| match &caveat {
                Some(replaced) => ImageUse { caveat: Some(replaced.clone()), ..image },
                None => image,
            }));
        }
    }
    let Some(terraform) = &root.terraform else { return };
    for resource in &terraform.resources {
        add_resource(resource, found);
    }
    for call in &terraform.remote_calls {
        add_call(call, found);
    }
}

/// What the argument called `name` deploys.
fn all_given(name: &str, images: &[(Text, Span)], user: &Asker) -> impl Iterator<Item = ImageUse> {
    let is_unnoticed = NOTICES_NO_PUSH.contains(&name);
    all_deployed(images, user).map(move |image| {
        let caveat = if is_unnoticed { Some((Caveat::Unnoticed, image.at)) } else { image.caveat };
        ImageUse { caveat, ..image }
    })
}

/// Where it is said that services ignore later revisions of the definition, if all that run it do.
fn replaced(definition: &Arc<TaskDefinition>, root: &AwsRoot) -> Option<Span> {
    let runs =
        |service: &&Service| service.task_definition.as_ref().is_some_and(|own| Arc::ptr_eq(own, definition));
    let mut ignored = root.services.iter().filter(runs).map(|service| service.ignores_task_definition);
    let first = ignored.next()??;
    ignored.all(|at| at.is_some()).then_some(first)
}

fn deployed(reference: &Text, at: Span, user: &Asker) -> ImageUse {
    ImageUse { reference: reference.clone(), at, role: ImageRole::Deployed, user: user.clone(), caveat: None }
}

/// What may be deployed, where a condition chooses. A tag that moves is one of several then, if another does not.
fn all_deployed(images: &[(Text, Span)], user: &Asker) -> impl Iterator<Item = ImageUse> {
    let moves = |image: &Text| Reference::parse(image).is_some_and(|image| image.latest().is_some());
    let other = images.iter().find(|(image, _)| !moves(image)).map(|(_, at)| (Caveat::Chosen, *at));
    images.iter().map(move |(image, at)| ImageUse { caveat: other.clone(), ..deployed(image, *at, user) })
}

fn add_resource(resource: &Resource, found: &mut Vec<ImageUse>) {
    let user = Asker::Resource(format!("{}.{}", resource.kind, resource.name));
    let places = PLACES.iter().filter(|place| place.kind == &*resource.kind && !follows_pushes(resource));
    for place in places.filter(|place| !ignores(&resource.body, place.blocks, place.argument)) {
        add_block(&resource.body, place.blocks, place.argument, &user, found);
    }
    match &*resource.kind {
        JOB_DEFINITION => {
            let properties = resource.body.get("container_properties").and_then(decoded);
            let image = properties.as_ref().and_then(|properties| properties.get("image"));
            found.extend(all_deployed(&images(image), &user));
        }
        CHART_RELEASE => {
            for set in resource.body.blocks("set") {
                let name = set.get("name").and_then(Value::as_string).unwrap_or_default();
                if Key::Path("image.tag").fits(&name) {
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

/// Whether every push of its tag is deployed by itself, so that the tag has to move. App Runner does that for a private
/// repository unless it is told not to.
fn follows_pushes(resource: &Resource) -> bool {
    let source = resource.body.block("source_configuration").filter(|_| &*resource.kind == APP_RUNNER);
    source.is_some_and(|source| {
        let kind = source.block("image_repository").and_then(|image| image.get("image_repository_type"));
        let is_private = kind.and_then(Value::as_string).as_deref() != Some("ECR_PUBLIC");
        is_private && source.get("auto_deployments_enabled").and_then(Value::as_bool) != Some(false)
    })
}

/// Whether Terraform sets the argument once and leaves it to others from then on: `ignore_changes = [image_uri]`. Then it is
/// there to fill the place.
fn ignores(body: &Block, blocks: &[&str], argument: &str) -> bool {
    let ignored = body.block("lifecycle").and_then(|lifecycle| lifecycle.get("ignore_changes"));
    let Some(ignored) = ignored else { return false };
    let covers = |path: &str| match blocks.first() {
        None => path == argument,
        Some(outermost) => path
            .strip_prefix(outermost)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']) && rest.ends_with(argument)),
    };
    let items = ignored.as_list().map(|list| &*list.items).unwrap_or_default();
    ignored.as_string().as_deref() == Some("all")
        || items.iter().filter_map(Value::as_string).any(|path| covers(&path))
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
            found.extend(all_given(argument, &images(block.get(argument)), user));
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
    match image_names::held_by_input(name) {
        Some(Holds::Image) => {
            let images = images(Some(value)).into_iter().filter(|(image, _)| looks_like_reference(image));
            found.extend(all_given(name, &images.collect::<Vec<_>>(), user));
            return;
        }
        Some(Holds::Tag) => return add_tag(Some(value), user, found),
        None => {}
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
    let named = images(value).into_iter().map(|(tag, at)| {
        let name = Text::hole(Origin::Other("the image is named elsewhere".into()), at);
        (tagged(name, &tag, at), at)
    });
    found.extend(all_deployed(&named.collect::<Vec<_>>(), user));
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, Sources};

    use super::*;
    use crate::link::link_plainly;

    /// What a tree of one file deploys, from the file to the model.
    fn deployed_by(terraform: &str) -> Vec<String> {
        let tree = MemoryTree::of(&[("main.tf", terraform)]);
        let images = link_plainly(&Sources::open(&tree)).images.into_iter();
        let deployed = images.filter(|image| image.role == ImageRole::Deployed);
        deployed.map(|image| image.reference.to_string()).collect()
    }

    /// `inner` in blocks of these types, the first outermost. No push is deployed by itself.
    fn within(blocks: &[&str], inner: &str) -> String {
        let by_hand = |inner: String| format!("auto_deployments_enabled = false\n{inner}");
        let put = |inner: String, block: &&str| {
            let inner = if *block == "source_configuration" { by_hand(inner) } else { inner };
            format!("{block} {{\n{inner}\n}}\n")
        };
        blocks.iter().rev().fold(inner.to_owned(), put)
    }

    #[test]
    fn every_place_is_read_with_the_tag_that_it_holds() {
        for Place { kind, blocks, argument } in &PLACES {
            for tag in ["latest", "1.4.2"] {
                let image = format!("acme/web:{tag}");
                let inner = within(blocks, &format!("{argument} = \"{image}\""));
                let terraform = format!("resource \"{kind}\" \"web\" {{\n{inner}\n}}\n");
                assert_eq!(deployed_by(&terraform), [image], "{terraform}");
            }
        }
    }

    #[test]
    fn a_type_that_nobody_reads_deploys_nothing() {
        let terraform = "resource \"acme_container\" \"web\" {\n  image = \"acme/web:latest\"\n}\n";
        assert!(deployed_by(terraform).is_empty());
    }

    #[test]
    fn what_terraform_sets_only_once_fills_the_place() {
        for Place { kind, blocks, argument } in &PLACES {
            let inner = within(blocks, &format!("{argument} = \"acme/web:latest\""));
            let path = blocks.iter().flat_map(|block| [*block, "[0]."]).collect::<String>() + argument;
            let with = |ignored: &str| {
                let lifecycle = format!("lifecycle {{\n  ignore_changes = {ignored}\n}}");
                deployed_by(&format!("resource \"{kind}\" \"web\" {{\n{inner}\n{lifecycle}\n}}\n"))
            };
            assert!(with(&format!("[tags, {path}]")).is_empty() && with("all").is_empty(), "{path}");
            assert_eq!(with("[tags]"), ["acme/web:latest"], "{kind}");
        }
    }

    #[test]
    fn what_app_runner_deploys_at_every_push_needs_a_tag_that_moves() {
        let deployed = |more: &str| {
            let image = "image_repository {\n  image_identifier = \"acme/web:latest\"\n}";
            deployed_by(&format!(
                "resource \"{APP_RUNNER}\" \"web\" {{\n  source_configuration {{\n{more}\n{image}\n}}\n}}\n"
            ))
        };
        assert_eq!(deployed("auto_deployments_enabled = false"), ["acme/web:latest"]);
        for follows in ["", "auto_deployments_enabled = true", "auto_deployments_enabled = var.follows"] {
            assert!(deployed(follows).is_empty(), "{follows}");
        }
    }

    #[test]
    fn jobs_and_charts_are_read_as_documents() {
        let job = "resource \"aws_batch_job_definition\" \"x\" {\n  container_properties = jsonencode({ image = \"acme/job:latest\" })\n}\n";
        assert_eq!(deployed_by(job), ["acme/job:latest"]);
        let set = "resource \"helm_release\" \"x\" {\n  set {\n    name  = \"image.tag\"\n    value = \"latest\"\n  }\n}\n";
        assert_eq!(deployed_by(set), ["${…}:latest"]);
        let values = "resource \"helm_release\" \"x\" {\n  values = [yamlencode({ image = { repository = \"acme/web\", tag = \"latest\" } })]\n}\n";
        assert_eq!(deployed_by(values), ["acme/web:latest"]);
    }

    #[test]
    fn inputs_of_modules_name_images_and_tags() {
        let call = |input: &str, value: &str| {
            deployed_by(&format!(
                "module \"web\" {{\n  source = \"acme/web/aws\"\n  {input} = \"{value}\"\n}}\n"
            ))
        };
        for input in image_names::inputs(Holds::Image) {
            assert_eq!(call(input, "acme/web:latest"), ["acme/web:latest"], "{input}");
            assert!(call(input, "ami-0123456789").is_empty(), "{input}");
        }
        for input in image_names::inputs(Holds::Tag) {
            assert_eq!(call(input, "latest"), ["${…}:latest"], "{input}");
        }
        assert!(call("build_image", "acme/build:latest").is_empty());
    }
}
