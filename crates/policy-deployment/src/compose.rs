//! Compose files: the images that services run, and the folders they are built from.

mod base;
mod composition;
mod environment;
mod files;
mod interpolate;
mod project;
mod push;
mod service;

pub(crate) use composition::{Builder, Composition, DEFAULT_NAMES};
pub(crate) use push::{ComposePush, pushed};
pub(crate) use service::{images_written, is_for_development, services};

use std::collections::HashMap;

use policy_docker::build::BuildRequest;
use policy_text::source::{Sources, Span};
use rayon::prelude::*;

use crate::files::Parsed;
use crate::model::image::ImageUse;
use files::ComposeFiles;
use project::Project;

/// What all compose files say.
#[derive(Debug, Default)]
pub(crate) struct Composed {
    /// The images that services run or build.
    pub(crate) images: Vec<ImageUse>,
    /// The builds that services ask for.
    pub(crate) builds: Vec<BuildRequest>,
}

/// Reads all compose files, as they are used together: `named` are the compositions that commands name.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>, named: &[Composition]) -> Composed {
    let files = ComposeFiles::of(parsed, sources);
    let compositions = composition::all(named, &files, parsed, sources);
    let read: Vec<_> =
        compositions.par_iter().map(|composition| Project::new(composition, &files).read()).collect();
    let mut composed = Composed::default();
    let (mut images_at, mut builds_at) = (HashMap::new(), HashMap::new());
    for (images, builds) in read {
        // A file can be part of several compositions.
        for image in images {
            add_once(&mut composed.images, &mut images_at, image.at, image, |one, other| one == other);
        }
        for build in builds {
            add_once(&mut composed.builds, &mut builds_at, build.at, build, is_same);
        }
    }
    composed
}

/// Adds `new` to `all`, of which `places` says where each stands, unless it is there.
fn add_once<T>(
    all: &mut Vec<T>,
    places: &mut HashMap<Span, Vec<usize>>,
    at: Span,
    new: T,
    is_same: impl Fn(&T, &T) -> bool,
) {
    let same_place = places.entry(at).or_default();
    if !same_place.iter().filter_map(|&index| all.get(index)).any(|other| is_same(other, &new)) {
        same_place.push(all.len());
        all.push(new);
    }
}

/// Whether two requests differ in nothing but who asks.
fn is_same(one: &BuildRequest, other: &BuildRequest) -> bool {
    one.at == other.at && BuildRequest { by: one.by.clone(), ..other.clone() } == *one
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, MemoryTree};

    use super::*;
    use crate::files::parse_plainly;
    use crate::model::image::ImageRole;

    fn deployment(files: &[(&str, &str)]) -> Composed {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        read(&parse_plainly(&sources), &sources, &[])
    }

    fn images(files: &[(&str, &str)]) -> Vec<(String, ImageRole)> {
        deployment(files).images.iter().map(|image| (image.reference.to_string(), image.role)).collect()
    }

    #[test]
    fn services_run_images_with_their_variables_put_in() {
        let compose = "services:\n  db:\n    image: postgres:${PG:-16}\n  web:\n    image: web:${TAG}\n";
        assert_eq!(
            images(&[("docker-compose.yml", compose), (".env", "TAG=latest\n")]),
            [("postgres:16".into(), ImageRole::Deployed), ("web:latest".into(), ImageRole::Deployed)]
        );
    }

    #[test]
    fn a_service_that_builds_only_names_its_image() {
        let compose = "services:\n  web:\n    image: web\n    build: .\n  worker:\n    extends: web\n    image: worker\n";
        assert_eq!(
            images(&[("compose.yaml", compose)]),
            [("web".into(), ImageRole::Built), ("worker".into(), ImageRole::Built)]
        );
    }

    #[test]
    fn services_for_tests_are_not_deployed() {
        let compose = "services:\n  mock:\n    image: mock\n    profiles: [test]\n";
        assert_eq!(images(&[("compose.yaml", compose)]), [("mock".into(), ImageRole::Development)]);
        let compose = "services:\n  db:\n    image: db\n";
        assert_eq!(images(&[("e2e/compose.yaml", compose)]), [("db".into(), ImageRole::Development)]);
    }

    #[test]
    fn an_extended_service_lends_its_context() {
        let base = "services:\n  base:\n    build: {context: ../src}\n";
        let derived = "services:\n  web:\n    extends: {file: common/base.compose.yml, service: base}\n    build: {target: x}\n";
        let builds = deployment(&[("common/base.compose.yml", base), ("compose.yml", derived)]).builds;
        let contexts: Vec<_> =
            builds.iter().map(|build| (build.by.to_string(), build.context.as_str())).collect();
        assert_eq!(contexts, [("service `base`".into(), "src"), ("service `web`".into(), "src")]);
    }

    #[test]
    fn an_override_is_laid_over_the_default_file() {
        let built = |path: &str, text: &str| -> (String, Option<String>) {
            let base = "services:\n  web: {build: {context: ./app, dockerfile: web.Dockerfile}}\n";
            let mut builds = deployment(&[("compose.yml", base), (path, text)]).builds;
            builds.retain(|build| build.at.file == FileId(0));
            (builds[0].context.to_string(), builds[0].dockerfile.path().map(ToString::to_string))
        };
        let merged = ("app".to_owned(), Some("app/web.Dockerfile".to_owned()));
        let stage = "services:\n  web: {build: {target: dev}}\n";
        assert_eq!(built("compose.override.yml", stage), merged);
        assert_eq!(built("compose.prod.yml", stage), merged);
        let whole = "services:\n  web: {build: ./app}\n";
        assert_eq!(built("compose.override.yml", whole), merged);
        assert_eq!(built("compose.prod.yml", whole), ("app".to_owned(), None));
    }

    #[test]
    fn services_that_extend_each_other_end() {
        let compose = "services:\n  a: {extends: b}\n  b: {extends: a}\n";
        assert_eq!(images(&[("compose.yml", compose)]), []);
    }
}
