//! Compose files: the images that services run, and the folders they are built from.

mod base;
mod environment;
mod interpolate;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Deployment;
use super::build::{BuildRequest, DockerfileSource, NamedContexts, named_folder};
use super::image::{ImageRole, ImageUse};
use super::standing;
use crate::parse::Parsed;
use crate::parse::yaml::{Flavour, Node, Yaml};
use crate::resolve::Text;
use crate::source::{FileId, RepoPath, Sources};
pub(super) use base::DEFAULT_NAMES;
use interpolate::{Environment, interpolate, substitute};

/// How many services may extend one another in a row.
const MAX_EXTENDS: usize = 8;

/// Adds what all compose files say.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let files: Vec<(FileId, &Yaml)> = parsed
        .yaml
        .iter()
        .filter(|(_, file)| file.flavour == Flavour::Compose)
        .map(|(id, file)| (*id, &file.yaml))
        .collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|&(file, yaml)| {
            let path = sources.path(file);
            let folder = path.parent().unwrap_or_else(RepoPath::root);
            let environment = environment::of_folder(&folder, sources);
            let project = Project { folder, environment, path, files: &files, sources };
            project.read(yaml)
        })
        .collect();
    for (images, builds) in read {
        deployment.images.extend(images);
        deployment.builds.extend(builds);
    }
}

/// The images that compose text runs which a script writes where it runs.
pub(super) fn images_written(yaml: &Yaml) -> impl Iterator<Item = ImageUse> {
    services(yaml)
        .filter(|(_, service)| service.get("build").is_none())
        .filter_map(|(name, service)| image(name, service, &Environment::new(), role(service, false)))
}

/// One compose file with what decides its values.
struct Project<'a> {
    folder: RepoPath,
    environment: Environment,
    path: &'a RepoPath,
    files: &'a [(FileId, &'a Yaml)],
    sources: &'a Sources<'a>,
}

/// A service and the folder that its paths start from.
#[derive(Clone)]
struct Placed<'a> {
    service: Node<'a>,
    folder: RepoPath,
    yaml: &'a Yaml,
}

impl<'a> Project<'a> {
    fn read(&self, yaml: &'a Yaml) -> (Vec<ImageUse>, Vec<BuildRequest>) {
        let (mut images, mut builds) = (Vec::new(), Vec::new());
        let development = standing::is_development_file(self.path);
        for (name, service) in services(yaml) {
            let mut chain = self.chain(Placed { service, folder: self.folder.clone(), yaml });
            let builds_itself = chain.iter().any(|placed| placed.service.get("build").is_some());
            let role = if builds_itself { ImageRole::Built } else { role(service, development) };
            images.extend(image(name, service, &self.environment, role));
            if let Some(base) = base::of(self, name, &chain) {
                chain.extend(self.chain(base));
            }
            builds.extend(self.build(name, &chain));
        }
        (images, builds)
    }

    /// The service and those that it extends, one after the other.
    fn chain(&self, first: Placed<'a>) -> Vec<Placed<'a>> {
        let mut chain = vec![first];
        while let Some(next) = chain.last().and_then(|placed| self.extended(placed)) {
            if chain.len() > MAX_EXTENDS {
                break;
            }
            chain.push(next);
        }
        chain
    }

    fn extended(&self, placed: &Placed<'a>) -> Option<Placed<'a>> {
        let extends = placed.service.get("extends")?;
        let name = extends.as_str().or_else(|| extends.get("service")?.as_str())?;
        let (yaml, folder) = match extends.get("file").and_then(Node::as_str) {
            Some(file) => {
                let (path, yaml) = self.file(&placed.folder.join(file)?)?;
                (yaml, path.parent()?)
            }
            None => (placed.yaml, placed.folder.clone()),
        };
        let service = yaml.root()?.get("services")?.get(name)?;
        Some(Placed { service, folder, yaml })
    }

    /// The compose file at `path`.
    fn file(&self, path: &RepoPath) -> Option<(&'a RepoPath, &'a Yaml)> {
        let id = self.sources.find(path)?;
        let index = self.files.binary_search_by_key(&id, |&(file, _)| file).ok()?;
        Some((self.sources.path(id), self.files.get(index)?.1))
    }

    /// The build that a service asks for. What it does not say itself is taken from the services after it in the chain.
    fn build(&self, name: &str, chain: &[Placed<'a>]) -> Option<BuildRequest> {
        let own = chain.first()?.service.get("build")?;
        let said = |key: &str| {
            chain.iter().find_map(|placed| Some((placed.service.get("build")?.get(key)?, &placed.folder)))
        };
        // A build in short form names its context alone.
        let context = chain.iter().find_map(|placed| {
            let build = placed.service.get("build")?;
            let context = if build.as_str().is_some() { build } else { build.get("context")? };
            Some((context, &placed.folder))
        });
        let context = match context {
            Some((node, folder)) => folder.join(&local_path(&self.known(node)?)?)?,
            None => self.folder.clone(),
        };
        let dockerfile = match (said("dockerfile_inline"), said("dockerfile")) {
            (Some((text, _)), _) => {
                DockerfileSource::Inline(substitute(&text.embedded()?, &self.environment))
            }
            (None, Some((node, _))) => DockerfileSource::File(context.join(&self.known(node)?)?),
            (None, None) => DockerfileSource::Default,
        };
        let target =
            said("target").and_then(|(node, _)| self.known(node)).filter(|target| !target.is_empty());
        let args = said("args").map(|(node, _)| self.arguments(node)).unwrap_or_default();
        let by = format!("service `{name}`");
        let at = own.get("context").unwrap_or(own).span();
        let named_contexts = said("additional_contexts")
            .map(|(node, folder)| self.named_contexts(node, folder))
            .unwrap_or_default();
        Some(BuildRequest { context, dockerfile, target, args, named_contexts, at, by })
    }

    /// Build arguments, as a mapping or as a list of `NAME=value`.
    fn arguments(&self, node: Node<'_>) -> BTreeMap<String, Text> {
        let mapped = node.entries().into_iter().filter_map(|(key, value)| {
            Some((key.as_str()?.to_owned(), interpolate(&value.embedded()?, &self.environment)))
        });
        let listed = node.items().filter_map(|item| {
            let text = interpolate(&item.embedded()?, &self.environment);
            let equals = text.render('\u{1}').find('=')?;
            let (name, value) = text.split_at(equals);
            Some((name.known()?.into_owned(), value.split_at(1).1))
        });
        mapped.chain(listed).collect()
    }

    /// Additional contexts, as a mapping or as a list of `name=place`.
    fn named_contexts(&self, node: Node<'_>, folder: &RepoPath) -> NamedContexts {
        let mapped = node.entries().into_iter().filter_map(|(name, place)| {
            let place = self.known(place);
            Some((name.as_str()?.to_owned(), place.and_then(|place| named_folder(&place, folder))))
        });
        let listed = node.items().filter_map(|item| {
            let (name, _) = item.as_str()?.split_once('=')?;
            let written = self.known(item);
            let place = written.as_deref().and_then(|item| item.split_once('=')).map(|(_, place)| place);
            Some((name.to_owned(), place.and_then(|place| named_folder(place, folder))))
        });
        mapped.chain(listed).collect()
    }

    fn known(&self, node: Node<'_>) -> Option<String> {
        interpolate(&node.embedded()?, &self.environment).known().map(std::borrow::Cow::into_owned)
    }
}

fn services(yaml: &Yaml) -> impl Iterator<Item = (&str, Node<'_>)> {
    let services = yaml.root().and_then(|root| root.get("services"));
    let entries = services.map(Node::entries).unwrap_or_default();
    entries.into_iter().filter_map(|(name, service)| Some((name.as_str()?, service)))
}

fn role(service: Node<'_>, development: bool) -> ImageRole {
    let development = development || standing::is_development_service(service);
    if development { ImageRole::Development } else { ImageRole::Deployed }
}

fn image(name: &str, service: Node<'_>, environment: &Environment, role: ImageRole) -> Option<ImageUse> {
    let node = service.get("image")?;
    let reference = interpolate(&node.embedded()?, environment);
    Some(ImageUse { reference, at: node.span(), role, user: format!("service `{name}`") })
}

/// A context as a path. `None` for a URL, which is no folder of the repository.
fn local_path(context: &str) -> Option<String> {
    let remote = context.contains("://") || context.starts_with("git@") || context.starts_with("github.com/");
    (!remote && !context.starts_with(['~', '/'])).then(|| context.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryTree;

    fn deployment(files: &[(&str, &str)]) -> Deployment {
        let tree = files
            .iter()
            .fold(MemoryTree::new(), |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), *text));
        let sources = Sources::open(&tree);
        let mut deployment = Deployment::default();
        add(
            &mut deployment,
            &crate::parse::parse_all(&sources, &crate::config::Settings::default()),
            &sources,
        );
        deployment
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
    fn builds_name_context_file_target_and_arguments() {
        let compose = "services:\n  web:\n    build:\n      context: ../app\n      dockerfile: docker/web.Dockerfile\n      target: prod\n      args: [A=1, 'B=${B:-2}']\n  api:\n    build: ./api\n  inline:\n    build: {context: ., dockerfile_inline: FROM x}\n  remote:\n    build: https://github.com/a/b.git\n";
        let builds = deployment(&[("deploy/compose.yml", compose)]).builds;
        let summary: Vec<_> =
            builds.iter().map(|build| (build.by.as_str(), build.context.as_str())).collect();
        assert_eq!(
            summary,
            [("service `web`", "app"), ("service `api`", "deploy/api"), ("service `inline`", "deploy")]
        );
        let web = &builds[0];
        assert_eq!(web.dockerfile.path().unwrap().as_str(), "app/docker/web.Dockerfile");
        assert_eq!(web.target.as_deref(), Some("prod"));
        assert_eq!(web.args.get("B").unwrap().known().as_deref(), Some("2"));
    }

    #[test]
    fn an_extended_service_lends_its_context() {
        let base = "services:\n  base:\n    build: {context: ../src}\n";
        let derived = "services:\n  web:\n    extends: {file: common/base.compose.yml, service: base}\n    build: {target: x}\n";
        let builds = deployment(&[("common/base.compose.yml", base), ("compose.yml", derived)]).builds;
        let contexts: Vec<_> =
            builds.iter().map(|build| (build.by.as_str(), build.context.as_str())).collect();
        assert_eq!(contexts, [("service `base`", "src"), ("service `web`", "src")]);
    }

    #[test]
    fn an_override_is_laid_over_the_default_file() {
        let built = |path: &str, text: &str| -> (String, Option<String>) {
            let base = "services:\n  web: {build: {context: ./app, dockerfile: web.Dockerfile}}\n";
            // The paths of the files that are laid over come first.
            let builds = deployment(&[("compose.yml", base), (path, text)]).builds;
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
