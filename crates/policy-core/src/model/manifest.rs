//! Kubernetes manifests and kustomizations: the images that pods run.

mod rewritten;

use rayon::prelude::*;

use super::Deployment;
use super::delivery::Delivery;
use super::image::{ImageRole, ImageUse, Reference};
use super::skaffold;
use super::standing;
use crate::parse::Parsed;
use crate::parse::yaml::{Flavour, Node, Yaml};
use crate::resolve::{Origin, Piece, Provenance, Text};
use crate::source::{RepoPath, Sources};
use rewritten::Rewriting;

/// Where a resource keeps the specification of its pods.
const POD_SPECS: [&[&str]; 4] = [
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["spec"],
    &["template", "spec"],
];

/// Adds the images of all manifests. Where a kustomization gives an image another tag, that tag counts; where Skaffold
/// does, it is another one on every run.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let of = |flavour: Flavour| parsed.yaml.iter().filter(move |(_, file)| file.flavour == flavour);
    let mut replaced = skaffold::tagged(parsed);
    for (file, kustomization) in of(Flavour::Kustomization) {
        let role = role(sources.path(*file));
        let entries = kustomization.yaml.root().and_then(|root| root.get("images"));
        for entry in entries.into_iter().flat_map(Node::items) {
            let mut delivery = Delivery::default();
            replaced.extend(replacement(entry, role, &mut delivery));
            delivery.join(deployment);
        }
    }
    let manifests: Vec<_> = of(Flavour::Kubernetes).collect();
    let rewriting = if manifests.is_empty() { Rewriting::default() } else { Rewriting::find(parsed) };
    let read: Vec<Delivery> = manifests
        .par_iter()
        .map(|(file, manifest)| {
            let mut delivery = Delivery::default();
            let file = File { path: sources.path(*file), rewriting: &rewriting };
            for document in manifest.yaml.documents() {
                file.resource(document, &mut delivery);
                for item in document.get("items").into_iter().flat_map(Node::items) {
                    file.resource(item, &mut delivery);
                }
            }
            delivery
        })
        .collect();
    for mut delivery in read {
        delivery.images.retain(|image| {
            let name = Reference::parse(&image.reference).map(|reference| reference.name.to_string());
            name.is_none_or(|name| !replaced.contains(&name))
        });
        delivery.join(deployment);
    }
}

/// The images of a manifest that a script writes where it applies it.
pub(super) fn images_written(yaml: &Yaml) -> Vec<ImageUse> {
    let mut delivery = Delivery::default();
    let file = File { path: &RepoPath::root(), rewriting: &Rewriting::default() };
    yaml.documents().for_each(|document| file.resource(document, &mut delivery));
    delivery.images
}

fn role(path: &RepoPath) -> ImageRole {
    if standing::is_development_file(path) { ImageRole::Development } else { ImageRole::Deployed }
}

/// A manifest with what may write other images into it.
struct File<'a> {
    path: &'a RepoPath,
    rewriting: &'a Rewriting,
}

impl File<'_> {
    /// The images of the containers of one resource.
    fn resource(&self, resource: Node<'_>, delivery: &mut Delivery) {
        let name = |node: Node<'_>| node.get("name").and_then(Node::as_str).unwrap_or_default().to_owned();
        let owner = resource.get("metadata").map(name).unwrap_or_default();
        let kind = resource.get("kind").and_then(Node::as_str).unwrap_or_default();
        let replaced = self.rewriting.replaces_in(kind, &owner);
        for spec in POD_SPECS.iter().filter_map(|path| resource.path(path)) {
            let lists = ["initContainers", "containers"].into_iter().filter_map(|key| spec.get(key));
            for container in lists.flat_map(Node::items) {
                // An image that is never pulled is there already: a cluster on the developer's machine.
                if container.get("imagePullPolicy").and_then(Node::as_str) == Some("Never") {
                    continue;
                }
                let Some(image) = container.get("image") else { continue };
                let Some(text) = image.as_str().filter(|text| !text.contains('$')) else { continue };
                let own_name = name(container);
                let user = format!("container `{own_name}` of `{owner}`");
                let written = Text::literal(text, image.span());
                let replaced = replaced || self.rewriting.sets(kind, &owner, &own_name);
                let reference = self.as_applied(written, replaced);
                delivery.image(&reference, image.span(), role(self.path), &user);
            }
        }
    }

    /// The reference with an unknown tag where something writes one before the manifest is applied.
    fn as_applied(&self, written: Text, replaced: bool) -> Text {
        let Some(reference) = Reference::parse(&written) else { return written };
        let Some(at) = written.last_literal().map(|literal| literal.at) else { return written };
        if !replaced && !self.rewriting.edits(self.path, &reference) {
            return written;
        }
        let mut applied = reference.name;
        applied.append(&Text::literal(":", at));
        applied.append(&Text::hole(Origin::Other("it is written before the manifest is applied".into()), at));
        applied
    }
}

/// The image that an entry of a kustomization replaces, where the entry chooses a tag or a digest for it.
fn replacement(entry: Node<'_>, role: ImageRole, delivery: &mut Delivery) -> Option<String> {
    let name = entry.get("name")?.as_str()?.to_owned();
    if entry.get("digest").is_some() {
        return Some(name);
    }
    let tag = entry.get("newTag")?;
    let mut reference =
        Text::literal(entry.get("newName").and_then(Node::as_str).unwrap_or(&name), entry.span());
    reference.append(&Text::literal(":", tag.span()));
    reference.push(Piece::Literal(tag.as_str()?.into(), Provenance::at(tag.span())));
    delivery.image(&reference, tag.span(), role, "the kustomization");
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryTree;

    fn images(files: &[(&str, &str)]) -> Vec<(String, ImageRole)> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let parsed = crate::parse::parse_all(
            &sources,
            &crate::config::Settings::default(),
            crate::model::commands::named_in,
        );
        let mut deployment = Deployment::default();
        add(&mut deployment, &parsed, &sources);
        deployment.images.iter().map(|image| (image.reference.to_string(), image.role)).collect()
    }

    const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: web:latest\n        - {name: side, image: side, imagePullPolicy: Never}\n";

    #[test]
    fn containers_of_every_document_are_found() {
        let job = "---\napiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: j, image: 'j:1'}]}}}}}\n";
        let expected =
            [("web:latest".to_owned(), ImageRole::Deployed), ("j:1".to_owned(), ImageRole::Deployed)];
        assert_eq!(images(&[("k8s/all.yaml", &format!("{WEB}{job}"))]), expected);
        assert_eq!(images(&[("k8s/dev/all.yaml", WEB)])[0].1, ImageRole::Development);
    }

    #[test]
    fn a_tag_that_is_written_before_the_manifest_is_applied_is_not_known() {
        let replacements = "replacements:\n  - source: {kind: ConfigMap, name: v}\n    targets:\n      - select: {kind: Deployment, name: NAME}\n        fieldPaths: [spec.template.spec.containers.0.image]\n        options: {delimiter: ':', index: 1}\n";
        let applied = |name: &str| {
            images(&[("k8s/web.yaml", WEB), ("k8s/kustomization.yaml", &replacements.replace("NAME", name))])
        };
        assert_eq!(applied("web")[0].0, "web:${…}");
        assert_eq!(applied("api")[0].0, "web:latest");
        let workflow = |run: &str| format!("jobs:\n  a:\n    steps:\n      - run: {run}\n");
        let edited =
            |run: &str| images(&[("k8s/web.yaml", WEB), (".github/workflows/d.yml", &workflow(run))]);
        assert_eq!(edited("sed -i s/:latest/:$TAG/ k8s/web.yaml")[0].0, "web:${…}");
        assert_eq!(edited("kubectl apply -f k8s/web.yaml")[0].0, "web:latest");
    }

    #[test]
    fn a_manifest_with_braces_inside_its_texts_is_read_and_a_template_is_not() {
        let rules = "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: \"{{ $labels.x }} is down\"\n---\n";
        assert_eq!(images(&[("k8s/all.yaml", &format!("{rules}{WEB}"))])[0].0, "web:latest");
        assert!(
            images(&[("k8s/all.yaml", &format!("{{{{- if .Values.on }}}}\n{WEB}{{{{- end }}}}\n"))])
                .is_empty()
        );
    }

    #[test]
    fn a_kustomization_chooses_the_tag() {
        let kustomization = "resources: [web.yaml]\nimages:\n  - name: web\n    newTag: '2.1'\n";
        assert_eq!(
            images(&[("k8s/web.yaml", WEB), ("k8s/kustomization.yaml", kustomization)]),
            [("web:2.1".to_owned(), ImageRole::Deployed)]
        );
    }
}
