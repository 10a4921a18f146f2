//! Kubernetes manifests and kustomizations: the images that pods run.

mod given;
mod kustomization;
mod line;
mod rewritten;

use policy_docker::image::{Reference, tagged};
use policy_text::source::{RepoPath, Sources};
use policy_text::value::{Origin, Text};
use rayon::prelude::*;

use super::skaffold;
use crate::documents::manifest::{PodContainer, containers, resources};
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;
use kustomization::Kustomizations;
use rewritten::Rewriting;

/// Why a tag is not known that something writes before the manifest is applied.
const UNKNOWN_TAG: &str = "a command changes it before the manifest is applied";

/// The images of all manifests. Where a kustomization gives an image another tag, that tag counts; where Skaffold does,
/// it is another one on every run.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let of = |flavour: Flavour| parsed.yaml.iter().filter(move |(_, file)| file.flavour == flavour);
    let manifests: Vec<_> = of(Flavour::Kubernetes).collect();
    let is_needed = !manifests.is_empty() || of(Flavour::Kustomization).next().is_some();
    let rewriting = if is_needed { Rewriting::find(parsed) } else { Rewriting::default() };
    let (kustomized, mut replaced) = Kustomizations::find(parsed, &rewriting, sources).images();
    replaced.extend(skaffold::tagged(parsed));
    let read: Vec<Found> = manifests
        .par_iter()
        .map(|(file, manifest)| {
            let file = File { path: sources.path(*file), rewriting: &rewriting };
            let mut found = Found::default();
            let role = ImageRole::in_file(file.path);
            for container in resources(&manifest.yaml).flat_map(containers) {
                found.images_once([container.runs(file.as_applied(&container), role)]);
            }
            found.images.retain(|image| {
                let name = Reference::parse(&image.reference).map(|reference| reference.name.to_string());
                name.is_none_or(|name| !replaced.contains(&name))
                    && !replaced.contains(&image.reference.to_string())
            });
            found
        })
        .collect();
    kustomized.into_iter().chain(read).collect()
}

/// A manifest with what may write other images into it.
struct File<'a> {
    path: &'a RepoPath,
    rewriting: &'a Rewriting,
}

impl File<'_> {
    /// The reference of a container, with an unknown tag where something writes one before the manifest is applied.
    fn as_applied(&self, container: &PodContainer<'_>) -> Text {
        let written = container.written();
        let Some(reference) = Reference::parse(&written) else { return written };
        let Some(at) = written.last_literal().map(|literal| literal.at) else { return written };
        let replaced = self.rewriting.replaces_in(container.kind, container.owner)
            || self.rewriting.sets(container.kind, container.owner, container.name);
        if !replaced && !container.is_kept_up_to_date() && !self.rewriting.edits(self.path, &reference) {
            return written;
        }
        let tag = Text::hole(Origin::Other(UNKNOWN_TAG.into()), at);
        tagged(reference.name, &tag, at)
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    fn images(files: &[(&str, &str)]) -> Vec<(String, ImageRole)> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        let found = read(&parsed, &sources);
        found.images.iter().map(|image| (image.reference.to_string(), image.role)).collect()
    }

    const WEB: &str = indoc! {"
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              containers:
                - name: app
                  image: web:latest
                - {name: side, image: side, imagePullPolicy: Never}
    "};

    #[test]
    fn containers_of_every_document_are_found() {
        let job = indoc! {"
            ---
            apiVersion: batch/v1
            kind: CronJob
            spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: j, image: 'j:1'}]}}}}}
        "};
        let expected =
            [("web:latest".to_owned(), ImageRole::Deployed), ("j:1".to_owned(), ImageRole::Deployed)];
        assert_eq!(images(&[("k8s/all.yaml", &format!("{WEB}{job}"))]), expected);
        assert_eq!(images(&[("k8s/dev/all.yaml", WEB)])[0].1, ImageRole::Development);
    }

    #[test]
    fn a_tag_that_is_written_before_the_manifest_is_applied_is_not_known() {
        let replacements = indoc! {"
            replacements:
              - source: {kind: ConfigMap, name: v}
                targets:
                  - select: {kind: Deployment, name: NAME}
                    fieldPaths: [spec.template.spec.containers.0.image]
                    options: {delimiter: ':', index: 1}
        "};
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
