//! Whether clusters run the repository's images as a user of their own, whatever the images say.

use std::collections::BTreeSet;

use super::Deployment;
use super::image::{ImageRole, Reference};
use super::standing;
use crate::parse::Parsed;
use crate::parse::yaml::{Flavour, Node};
use crate::resolve::Text;
use crate::source::Sources;

/// How deep a manifest is looked into.
const MAX_DEPTH: usize = 16;

/// The keys under which a pod, a container or a chart's values say who runs.
const CONTEXTS: [&str; 3] = ["securityContext", "containerSecurityContext", "podSecurityContext"];

/// Notes whether every container that runs an image which is built here is kept from root. Images that commands and
/// workflows build must be in the deployment already.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let built =
        deployment.images.iter().filter(|image| matches!(image.role, ImageRole::Built | ImageRole::Pushed));
    let own: BTreeSet<String> = built.filter_map(|image| last_name(&image.reference)).collect();
    let mut kept = Vec::new();
    let serve = parsed.yaml.iter().filter(|(file, yaml)| {
        matches!(yaml.flavour, Flavour::Kubernetes | Flavour::HelmValues)
            && !standing::is_development_file(sources.path(*file))
    });
    for root in serve.flat_map(|(_, file)| file.yaml.documents()) {
        find(root, false, &own, &mut kept, 0);
    }
    deployment.keeps_images_from_root = !kept.is_empty() && kept.iter().all(|is_kept| *is_kept);
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
