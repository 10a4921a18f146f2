//! Values of Helm charts: the images that they choose.

use policy_docker::asker::Asker;
use policy_docker::image::tagged;
use policy_text::value::{Origin, Text};
use policy_text::yaml::{Node, Yaml};

use super::manifest::KEPT;
use crate::model::image::{Caveat, ImageRole, ImageUse};

/// How many values of one file are looked at, and how deep they may stand.
const MAX_VALUES: usize = 20_000;
const MAX_DEPTH: usize = 12;

/// The images that the values of a chart choose, by place, without what `parent` sets, which wins.
pub(crate) fn images(yaml: &Yaml, parent: Option<Node<'_>>, role: ImageRole) -> Vec<ImageUse> {
    let mut images = Vec::new();
    let registry = common_registry(yaml);
    let mut open: Vec<_> = yaml.documents().map(|document| (document, parent, 0)).collect();
    let mut seen = 0;
    while let Some((node, winner, depth)) = open.pop() {
        seen += 1;
        if seen > MAX_VALUES || depth > MAX_DEPTH {
            continue;
        }
        let is_set = winner.is_some_and(|winner| winner.get("tag").is_some());
        if let Some((reference, at)) = chosen(node, registry).filter(|_| !is_set) {
            let kept_by = kept_by(node).filter(|_| winner.is_none());
            let caveat = kept_by.map(|policy| (Caveat::Kept, policy.span()));
            images.push(ImageUse { reference, at: at.span(), role, user: Asker::Chart, caveat });
        }
        open.extend(node.entries().into_iter().map(|(key, value)| {
            let winner = winner.and_then(|winner| winner.get(key.as_str()?));
            (value, winner, depth + 1)
        }));
        open.extend(node.items().map(|item| (item, None, depth + 1)));
    }
    images.sort_by_key(|image| image.at);
    // Aliases lead to one place more than once.
    images.dedup();
    images
}

/// The value that the chart's templates put before the names of images.
fn common_registry(yaml: &Yaml) -> Option<Node<'_>> {
    let root = yaml.root()?;
    [root.get("global"), Some(root)].into_iter().flatten().find_map(|node| node.get("imageRegistry"))
}

/// What says beside an image that a node keeps what it once pulled.
fn kept_by(node: Node<'_>) -> Option<Node<'_>> {
    let policy = ["pullPolicy", "imagePullPolicy"].into_iter().find_map(|key| node.get(key));
    policy.filter(|policy| policy.as_str() == Some(KEPT))
}

/// `repository` and `tag` of one mapping. Without a tag, or with an empty one, the chart's version is the tag. Where all
/// images have one registry, whoever installs the chart says which.
fn chosen<'y>(node: Node<'y>, common_registry: Option<Node<'y>>) -> Option<(Text, Node<'y>)> {
    let repository = node.get("repository")?;
    let tag = node.get("tag")?;
    let registry = node.get("registry").and_then(Node::as_str).filter(|registry| !registry.is_empty());
    let name = repository.as_str().filter(|name| !name.is_empty())?;
    let written = tag.as_str().filter(|tag| !tag.is_empty())?;
    if node.get("digest").and_then(Node::as_str).is_some_and(|digest| !digest.is_empty()) {
        return None;
    }
    let mut reference = Text::empty();
    match (registry, common_registry) {
        (Some(registry), _) => reference.append(&Text::literal(format!("{registry}/"), repository.span())),
        (None, Some(common)) if !name.contains('/') => {
            reference.append(&Text::hole(Origin::Parameter("imageRegistry".into()), common.span()));
            reference.append(&Text::literal("/", repository.span()));
        }
        _ => {}
    }
    reference.append(&Text::literal(name, repository.span()));
    Some((tagged(reference, &Text::literal(written, tag.span()), tag.span()), tag))
}
