//! Skaffold: the images that it builds, and puts into manifests under tags of its own.

use std::collections::{BTreeMap, BTreeSet};

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, Places, Platforms};
use policy_docker::image::Reference;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::Node;

use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;

/// Builders that need no Dockerfile.
const OTHER_BUILDERS: [&str; 5] = ["bazel", "buildpacks", "custom", "jib", "ko"];

/// What all configurations build.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let mut found = Found::default();
    for (file, artifact) in artifacts(parsed) {
        let folder = sources.folder_of(file);
        build(artifact, &folder, &mut found);
    }
    found
}

/// The names of the images to which Skaffold gives a tag of its own wherever a manifest runs them.
pub(super) fn tagged(parsed: &Parsed) -> BTreeSet<String> {
    let image = |artifact: Node<'_>| {
        let image = artifact.get("image")?;
        let reference = Reference::parse(&Text::literal(image.as_str()?, image.span()))?;
        Some(reference.name.to_string())
    };
    artifacts(parsed).filter_map(|(_, artifact)| image(artifact)).collect()
}

/// The artifacts of every document and of its profiles.
fn artifacts(parsed: &Parsed) -> impl Iterator<Item = (policy_text::source::FileId, Node<'_>)> {
    let files = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Skaffold);
    files.flat_map(|(id, file)| {
        let documents = file.yaml.documents();
        let parts = documents.flat_map(|document| {
            let profiles = document.get("profiles").into_iter().flat_map(Node::items);
            std::iter::once(document).chain(profiles)
        });
        let lists = parts.filter_map(|part| part.path(&["build", "artifacts"]));
        lists.flat_map(Node::items).map(|artifact| (*id, artifact))
    })
}

fn build(artifact: Node<'_>, folder: &RepoPath, found: &mut Found) {
    let Some((node, image)) = artifact.get("image").and_then(|node| Some((node, node.as_str()?))) else {
        return;
    };
    let by = Asker::Artifact(image.to_owned());
    found.image(&Text::literal(image, node.span()), node.span(), ImageRole::Built, &by);
    if OTHER_BUILDERS.iter().any(|builder| artifact.get(builder).is_some()) {
        return;
    }
    let docker = artifact.get("docker").or_else(|| artifact.get("kaniko"));
    // A template is filled in when Skaffold runs.
    let said = |node: Option<Node<'_>>| {
        node.and_then(Node::as_str).filter(|text| !text.contains("{{")).map(ToOwned::to_owned)
    };
    let (context_node, dockerfile) =
        (artifact.get("context"), docker.and_then(|docker| docker.get("dockerfile")));
    let (folder_known, file_known) = (said(context_node), said(dockerfile));
    if (context_node.is_some() && folder_known.is_none()) || (dockerfile.is_some() && file_known.is_none()) {
        return;
    }
    let Some(context) = folder.join(folder_known.as_deref().unwrap_or(".")) else { return };
    let dockerfile = match file_known {
        Some(file) => match context.join(&file) {
            Some(path) => Some(path),
            None => return,
        },
        None => None,
    };
    let arguments = docker.and_then(|docker| docker.get("buildArgs")).map(Node::entries).unwrap_or_default();
    let args: BTreeMap<String, Text> = arguments
        .into_iter()
        .filter_map(|(name, value)| {
            Some((name.as_str()?.to_owned(), Text::literal(said(Some(value))?, value.span())))
        })
        .collect();
    let target = said(docker.and_then(|docker| docker.get("target")));
    found.build(BuildRequest {
        context,
        dockerfile: dockerfile.into(),
        target,
        args,
        images: vec![Text::literal(image, node.span())],
        platforms: Platforms::Unsaid,
        named_contexts: BTreeMap::new(),
        is_tentative: false,
        at: context_node.unwrap_or(node).span(),
        places: Places::default(),
        by,
    });
}
