//! The images that Dockerfiles start from and take files from.

use std::collections::{BTreeMap, BTreeSet};

use policy_docker::asker::{Asker, Title};
use policy_docker::build::{BuildRequest, DockerfileSource};
use policy_docker::dockerfile::{self, Dockerfile, Word};
use policy_docker::stages::{StageSource, Stages, sources_elsewhere};
use policy_text::embedded::Embedded;
use policy_text::purpose;
use policy_text::source::Sources;
use policy_text::value::Text;

use crate::files::Parsed;
use crate::model::image::{ImageRole, ImageUse};

/// Every image that a Dockerfile names. Stages of the same file and `scratch` are no images; what only a build
/// argument without a default decides is left out, since whoever builds decides it, and so are the names that a build
/// gives to contexts of its own.
pub(super) fn images(builds: &[BuildRequest], parsed: &Parsed, sources: &Sources<'_>) -> Vec<ImageUse> {
    let mut images = Vec::new();
    let args = BTreeMap::new();
    let named: BTreeSet<String> =
        builds.iter().flat_map(|build| build.named_contexts.keys().cloned()).collect();
    let inline = inline(builds);
    let dockerfiles = parsed.dockerfiles.iter().map(|(_, dockerfile)| dockerfile);
    for dockerfile in dockerfiles.chain(&inline) {
        let development = purpose::is_built_for_development(sources.path(dockerfile.file));
        let image_use = |reference: Text, word: &Word, role: ImageRole, user: Asker| {
            let is_context = reference.known().is_some_and(|name| named.contains(&*name));
            let role = if development { ImageRole::Development } else { role };
            if is_context { None } else { image_use(reference, word, role, user) }
        };
        let stages = Stages::new(dockerfile, &args);
        for (index, stage) in dockerfile.stages.iter().enumerate() {
            if let Some(StageSource::Image(reference)) = stages.base(index) {
                images.extend(image_use(
                    reference.clone(),
                    &stage.base,
                    ImageRole::Base,
                    asker(dockerfile, index),
                ));
            }
            stages.walk(index, |instruction, scope| {
                for word in sources_elsewhere(instruction) {
                    if let StageSource::Image(reference) = stages.source(word, scope, index) {
                        images.extend(image_use(
                            reference,
                            word,
                            ImageRole::Source,
                            asker(dockerfile, index),
                        ));
                    }
                }
            });
        }
    }
    images
}

/// The Dockerfiles that stand where a build asks for them, each once.
fn inline(requests: &[BuildRequest]) -> Vec<Dockerfile> {
    let mut texts: Vec<&Embedded> = Vec::new();
    for request in requests {
        if let DockerfileSource::Inline(text) = &request.dockerfile
            && !texts.contains(&text)
        {
            texts.push(text);
        }
    }
    texts.into_iter().map(|text| dockerfile::parse_text(text).0).collect()
}

fn image_use(reference: Text, word: &Word, role: ImageRole, user: Asker) -> Option<ImageUse> {
    let decided = reference.holes().next().is_none();
    let is_image = decided && !reference.is_empty() && reference.known().as_deref() != Some("scratch");
    is_image.then_some(ImageUse { reference, at: word.at, role, user, caveat: None })
}

fn asker(dockerfile: &Dockerfile, index: usize) -> Asker {
    let name = dockerfile.stages.get(index).and_then(|stage| stage.name.as_ref());
    Asker::Stage(match name {
        Some(name) => Title::from(name.text.as_str()),
        None if dockerfile.stages.len() == 1 => Title::None,
        None => Title::Number(index),
    })
}

#[cfg(test)]
mod tests {
    use policy_text::source::{MemoryTree, RepoPath, Sources};

    use super::*;
    use crate::files::parse_plainly;

    fn bases(compose: &str) -> Vec<String> {
        let tree = MemoryTree::new()
            .with(
                RepoPath::new("Dockerfile").unwrap(),
                "FROM base\nCOPY --from=assets /a /a\nCOPY --from=redis /b /b\n",
            )
            .with(RepoPath::new("compose.yaml").unwrap(), compose);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        let builds = crate::compose::read(&parsed, &sources, &[]).builds;
        let images = images(&builds, &parsed, &sources);
        let bases = images.iter().filter(|image| matches!(image.role, ImageRole::Base | ImageRole::Source));
        bases.map(|image| image.reference.to_string()).collect()
    }

    #[test]
    fn a_context_that_the_build_names_is_no_image() {
        let plain = "services:\n  web:\n    build: .\n";
        assert_eq!(bases(plain), ["base", "assets", "redis"]);
        let mapped = "services:\n  web:\n    build:\n      context: .\n      additional_contexts: {base: 'service:base', assets: ./assets}\n";
        assert_eq!(bases(mapped), ["redis"]);
        let listed =
            "services:\n  web:\n    build: {context: ., additional_contexts: [base=docker-image://x:1]}\n";
        assert_eq!(bases(listed), ["assets", "redis"]);
    }
}
