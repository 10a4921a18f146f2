//! Kubernetes manifests: the containers that a resource runs.

use policy_docker::asker::Asker;
use policy_text::source::Span;
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use crate::model::image::{Caveat, ImageRole, ImageUse};

/// Where a resource keeps the specification of its pods.
const POD_SPECS: [&[&str]; 4] = [
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["spec"],
    &["template", "spec"],
];

/// The policy under which a node keeps what it once pulled.
pub(crate) const KEPT: &str = "IfNotPresent";

/// What a comment says behind an image that Flux keeps up to date.
pub(crate) const IMAGE_POLICY: &str = "$imagepolicy";

/// A container of a resource.
pub(crate) struct PodContainer<'y> {
    /// The kind of the resource: `Deployment`.
    pub(crate) kind: &'y str,
    /// The name of the resource; empty where it has none.
    pub(crate) owner: &'y str,
    /// The name of the container; empty where it has none.
    pub(crate) name: &'y str,
    /// The image as it is written.
    pub(crate) image: &'y str,
    node: Node<'y>,
    /// Where it says that a node keeps what it once pulled.
    kept_by: Option<Span>,
}

impl PodContainer<'_> {
    /// The image, used as `reference` says.
    pub(crate) fn runs(&self, reference: Text, role: ImageRole) -> ImageUse {
        let owner = Asker::Resource(self.owner.to_owned());
        let user = Asker::Container { name: self.name.to_owned(), of: Box::new(owner) };
        ImageUse {
            reference,
            at: self.node.span(),
            role,
            user,
            caveat: self.kept_by.map(|at| (Caveat::Kept, at)),
        }
    }

    /// Whether a comment asks Flux to keep the image up to date.
    pub(crate) fn is_kept_up_to_date(&self) -> bool {
        self.node.rest_of_line().contains(IMAGE_POLICY)
    }

    /// The image as it is written, with its place.
    pub(crate) fn written(&self) -> Text {
        Text::literal(self.image, self.node.span())
    }
}

/// The resources of a file: its documents, and those that a list among them holds.
pub(crate) fn resources(manifest: &Yaml) -> impl Iterator<Item = Node<'_>> {
    manifest.documents().flat_map(|document| {
        let listed = document.get("items").into_iter().flat_map(Node::items);
        std::iter::once(document).chain(listed)
    })
}

/// The containers of one resource whose images are written out. An image that is never pulled is there already: a cluster
/// on the developer's machine.
pub(crate) fn containers(resource: Node<'_>) -> impl Iterator<Item = PodContainer<'_>> {
    let owner = resource.get("metadata").and_then(name_of).unwrap_or_default();
    let kind = resource.get("kind").and_then(Node::as_str).unwrap_or_default();
    let specs = POD_SPECS.iter().filter_map(move |path| resource.path(path));
    let lists = specs.flat_map(|spec| ["initContainers", "containers"].map(|key| spec.get(key)));
    lists.flatten().flat_map(Node::items).filter_map(move |container| {
        let policy = container.get("imagePullPolicy");
        let says = |wanted: &str| policy.filter(|policy| policy.as_str() == Some(wanted));
        if says("Never").is_some() {
            return None;
        }
        let kept_by = says(KEPT).map(Node::span);
        let node = container.get("image")?;
        let image = node.as_str().filter(|text| !text.contains('$'))?;
        Some(PodContainer { kind, owner, name: name_of(container).unwrap_or_default(), image, node, kept_by })
    })
}

fn name_of(node: Node<'_>) -> Option<&str> {
    node.get("name").and_then(Node::as_str)
}

/// The images of a manifest that a script writes where it applies it.
pub(crate) fn images(yaml: &Yaml) -> Vec<ImageUse> {
    let containers = yaml.documents().flat_map(containers);
    containers.map(|container| container.runs(container.written(), ImageRole::Deployed)).collect()
}
