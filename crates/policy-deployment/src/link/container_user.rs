//! Whether what runs the repository's images sets a user of its own, whatever the images say.

use std::collections::BTreeSet;

use policy_docker::image::Reference;
use policy_docker::runtime::is_root;
use policy_text::purpose;
use policy_text::source::Sources;
use policy_text::value::Text;
use policy_text::yaml::Node;

use crate::compose;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::AwsRoot;
use crate::model::image::{ImageRole, ImageUse};
use crate::model::setting::Setting;

/// How deep a manifest is looked into.
const MAX_DEPTH: usize = 16;

/// The keys under which a pod, a container or a chart's values say who runs.
const CONTEXTS: [&str; 3] = ["securityContext", "containerSecurityContext", "podSecurityContext"];

/// Whether every container that runs one of the `images` that are built here is kept from root. Beside a cluster, a compose
/// file is for the developers.
pub(super) fn keeps_images_from_root(
    images: &[ImageUse],
    roots: &[AwsRoot],
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> bool {
    let built = images.iter().filter(|image| matches!(image.role, ImageRole::Built | ImageRole::Pushed));
    let own: BTreeSet<String> = built.filter_map(|image| last_name(&image.reference)).collect();
    let mut kept = in_kubernetes(&own, parsed, sources);
    kept.extend(in_terraform(&own, roots));
    kept.extend(in_definition_files(&own, parsed, sources));
    if kept.is_empty() {
        kept = in_compose(&own, parsed, sources);
    }
    !kept.is_empty() && kept.iter().all(|is_kept| *is_kept)
}

fn in_kubernetes(own: &BTreeSet<String>, parsed: &Parsed, sources: &Sources<'_>) -> Vec<bool> {
    let mut kept = Vec::new();
    let serve = parsed.yaml.iter().filter(|(file, yaml)| {
        matches!(yaml.flavour, Flavour::Kubernetes | Flavour::HelmValues)
            && !purpose::is_for_development(sources.path(*file))
    });
    for root in serve.flat_map(|(_, file)| file.yaml.documents()) {
        find(root, false, own, &mut kept, 0);
    }
    kept
}

/// The containers of Terraform's task definitions that may run an image of `own`.
fn in_terraform(own: &BTreeSet<String>, roots: &[AwsRoot]) -> Vec<bool> {
    let definitions = roots.iter().flat_map(|root| &root.task_definitions);
    let mut kept = Vec::new();
    for container in definitions.flat_map(|definition| &definition.containers) {
        let may_be_own = |reference: &Text| {
            reference.known().is_none() || last_name(reference).is_some_and(|name| own.contains(&name))
        };
        if container.images.is_empty() || container.images.iter().any(|(image, _)| may_be_own(image)) {
            kept.push(match &container.user {
                Setting::Known(user, _) => !is_root(user),
                Setting::Unset => false,
                Setting::Unknown(..) => true,
            });
        }
    }
    kept
}

/// The containers of task definitions in files that may run an image of `own`. A name in brackets or with variables is
/// one that a pipeline fills in.
fn in_definition_files(own: &BTreeSet<String>, parsed: &Parsed, sources: &Sources<'_>) -> Vec<bool> {
    let serve =
        parsed.task_definitions.iter().filter(|(file, _)| !purpose::is_for_development(sources.path(*file)));
    let runs_own = |image: &str, at| {
        image.contains(['<', '$', '{', '%'])
            || last_name(&Text::literal(image, at)).is_some_and(|name| own.contains(&name))
    };
    serve
        .flat_map(|(_, containers)| containers)
        .filter(|container| runs_own(&container.image, container.at))
        .map(|container| container.user.as_deref().is_some_and(|user| !is_root(user)))
        .collect()
}

/// The services of compose files that build their image or run one of `own`.
fn in_compose(own: &BTreeSet<String>, parsed: &Parsed, sources: &Sources<'_>) -> Vec<bool> {
    let serve = parsed.yaml.iter().filter(|(file, yaml)| {
        yaml.flavour == Flavour::Compose && !purpose::is_for_development(sources.path(*file))
    });
    let services = serve.flat_map(|(_, file)| compose::services(&file.yaml));
    let runs_own = |service: &Node<'_>| {
        let image = service.get("image");
        let image = image.and_then(|image| last_name(&Text::literal(image.as_str()?, image.span())));
        service.get("build").is_some() || image.is_some_and(|image| own.contains(&image))
    };
    services
        .map(|(_, service)| service)
        .filter(|service| !compose::is_for_development(*service) && runs_own(service))
        .map(|service| service.get("user").and_then(Node::as_str).is_some_and(|user| !is_root(user)))
        .collect()
}

/// Adds, for each image of `own` in the node, whether it is kept from root there; `outer` is what holds around the node.
fn find(node: Node<'_>, outer: bool, own: &BTreeSet<String>, kept: &mut Vec<bool>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let here = CONTEXTS.iter().filter_map(|key| node.get(key)).find_map(keeps_from_root).unwrap_or(outer);
    let image = node.get("image").and_then(|image| image.get("repository").unwrap_or(image).as_str());
    let name = image.and_then(|image| last_name(&Text::literal(image, node.span())));
    if name.is_some_and(|name| own.contains(&name)) {
        kept.push(here);
    }
    let inner = node.entries().into_iter().map(|(_, value)| value).chain(node.items());
    inner.for_each(|inner| find(inner, here, own, kept, depth + 1));
}

/// What a security context says; `None` where it says nothing of the user.
fn keeps_from_root(context: Node<'_>) -> Option<bool> {
    let said = |key: &str| context.get(key).and_then(Node::as_str);
    match (said("runAsUser"), said("runAsNonRoot")) {
        (Some(user), _) => Some(user != "0"),
        (None, Some(demanded)) => Some(demanded == "true"),
        (None, None) => None,
    }
}

/// The last part of an image's name: registries are often known only where the image is built.
fn last_name(reference: &Text) -> Option<String> {
    let name = Reference::parse(reference)?.name.to_string();
    name.rsplit('/').next().map(ToOwned::to_owned)
}
