//! One compose project: services as all its files together describe them.

use std::collections::BTreeMap;

use policy_docker::asker::Asker;
use policy_docker::build::{
    BuildRequest, DockerfileSource, NamedContexts, Places, Platforms, local_context, named_folder,
};
use policy_docker::image::is_latest;
use policy_text::source::RepoPath;
use policy_text::value::{Origin, Text};
use policy_text::yaml::Node;

use super::composition::Composition;
use super::files::ComposeFiles;
use super::interpolate::{Environment, interpolate, substitute};
use super::service::{self, Placed, image, services};
use super::{base, environment};
use crate::files::variables::named_in;
use crate::model::image::{ImageRole, ImageUse};

/// How many services may extend one another in a row.
const MAX_EXTENDS: usize = 8;

/// Compose files that are used together, with what decides their values.
pub(super) struct Project<'a> {
    composition: &'a Composition,
    for_development: bool,
    /// The folder that paths count from.
    folder: RepoPath,
    environment: Environment,
    files: &'a ComposeFiles<'a>,
}

/// Whether a later file takes the value of an earlier one away: `build: !reset null`.
fn is_taken_away(node: Node<'_>) -> bool {
    node.is_null() || node.tag() == Some("reset")
}

impl<'a> Project<'a> {
    pub(super) fn new(composition: &'a Composition, files: &'a ComposeFiles<'a>) -> Self {
        let own = || composition.files.first().and_then(RepoPath::parent);
        let folder = composition.project_directory.clone().or_else(own).unwrap_or_else(RepoPath::root);
        let mut environment = environment::of_folder(&folder, files.sources());
        if composition.included {
            environment.extend(environment::of_folder(&composition.folder, files.sources()));
        }
        let for_development = composition.is_for_development();
        Self { composition, for_development, folder, environment, files }
    }

    /// The images that the services run, and the builds that they ask for.
    pub(super) fn read(&self) -> (Vec<ImageUse>, Vec<BuildRequest>) {
        let (mut images, mut builds) = (Vec::new(), Vec::new());
        for (name, described) in self.services() {
            images.extend(self.image(name, &described));
            let mut chain: Vec<Placed<'a>> = described.into_iter().flat_map(|own| self.chain(own)).collect();
            if let [only] = self.composition.files.as_slice()
                && let Some(base) = base::of(self.files, &self.folder, only, name, &chain)
            {
                chain.extend(self.chain(base));
            }
            builds.extend(self.build(name, &chain));
        }
        (images, builds)
    }

    /// The services by name, each as the files describe it, the last file first.
    fn services(&self) -> Vec<(&'a str, Vec<Placed<'a>>)> {
        let mut found: Vec<(&str, Vec<Placed<'a>>)> = Vec::new();
        let mut index = BTreeMap::new();
        for yaml in self.composition.files.iter().filter_map(|path| self.files.get(path)) {
            for (name, service) in services(yaml) {
                let place = *index.entry(name).or_insert(found.len());
                let placed = Placed { service, folder: self.folder.clone(), yaml };
                match found.get_mut(place) {
                    Some((_, described)) => described.insert(0, placed),
                    None => found.push((name, vec![placed])),
                }
            }
        }
        found
    }

    /// The image that counts: the one that the last file names.
    fn image(&self, name: &str, described: &[Placed<'a>]) -> Option<ImageUse> {
        let own = described.iter().find(|placed| placed.service.get("image").is_some())?;
        let builds_itself = self
            .chain(own.clone())
            .iter()
            .any(|placed| placed.service.get("build").is_some_and(|build| !is_taken_away(build)));
        let role = if builds_itself {
            ImageRole::Built
        } else if self.for_development || service::is_for_development(own.service) {
            ImageRole::Development
        } else {
            ImageRole::Deployed
        };
        let image = image(name, own.service, &self.environment, role)?;
        let opened = (role == ImageRole::Deployed && is_latest(&image.reference))
            .then(|| self.opened(name, own.service));
        Some(opened.flatten().filter(|opened| !is_latest(&opened.reference)).unwrap_or(image))
    }

    /// The image with what is left open that something in the repository sets before compose reads it: whoever starts the
    /// project that way runs no default.
    fn opened(&self, name: &str, service: Node<'_>) -> Option<ImageUse> {
        let node = service.get("image")?;
        let written = node.as_str()?;
        let value = |name: &str| {
            let hole = || Text::hole(Origin::Environment(name.into()), node.span());
            let value =
                if self.files.set().contains(name) { hole() } else { self.environment.get(name)?.clone() };
            Some((name.to_owned(), value))
        };
        let opened = || named_in(written).filter_map(value).collect();
        self.files.set().decide(written).then(|| image(name, service, &opened(), ImageRole::Deployed))?
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
                let path = placed.folder.join(file)?;
                (self.files.get(&path)?, path.parent()?)
            }
            None => (placed.yaml, placed.folder.clone()),
        };
        let service = yaml.root()?.get("services")?.get(name)?;
        Some(Placed { service, folder, yaml })
    }

    /// The build that a service asks for. What it does not say itself is taken from the services after it in the chain.
    fn build(&self, name: &str, chain: &[Placed<'a>]) -> Option<BuildRequest> {
        let (key, own) = chain.iter().find_map(|placed| {
            placed.service.entries().into_iter().find(|(key, _)| key.as_str() == Some("build"))
        })?;
        if is_taken_away(own) {
            return None;
        }
        let said = |key: &str| {
            let mut said = chain
                .iter()
                .filter_map(|placed| Some((placed.service.get("build")?.get(key)?, &placed.folder)));
            said.find(|(node, _)| !node.is_null())
        };
        // A build in short form names its context alone.
        let context = chain.iter().find_map(|placed| {
            let build = placed.service.get("build")?;
            let context = if build.as_str().is_some() { build } else { build.get("context")? };
            (!context.is_null()).then_some((context, &placed.folder))
        });
        let mut paths = context.into_iter().chain(said("dockerfile")).filter_map(|(node, _)| node.as_str());
        let is_tentative = paths.any(|path| self.files.set().decide(path));
        let context = match context {
            Some((node, folder)) => folder.join(local_path(&self.known(node)?)?)?,
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
        let at = if own.as_str().is_some() { own } else { own.get("context").unwrap_or(key) }.span();
        let place = |key: &str| said(key).map(|(node, _)| node.span());
        let places = Places { dockerfile: place("dockerfile"), target: place("target") };
        let named_contexts = said("additional_contexts")
            .map(|(node, folder)| self.named_contexts(node, folder))
            .unwrap_or_default();
        let by = self.builder(name);
        let image =
            chain.first().and_then(|own| image(name, own.service, &self.environment, ImageRole::Built));
        let images = image.into_iter().map(|image| image.reference).collect();
        Some(BuildRequest {
            context,
            dockerfile,
            target,
            args,
            images,
            platforms: Platforms::Unsaid,
            named_contexts,
            is_tentative,
            at,
            places,
            by,
        })
    }

    /// Who builds the service.
    fn builder(&self, service: &str) -> Asker {
        let builder = self.composition.builder.as_ref();
        let builds = |name: &String| name == service;
        match builder.filter(|builder| builder.services.is_empty() || builder.services.iter().any(builds)) {
            Some(builder) => {
                Asker::ServiceBuiltBy { service: service.to_owned(), by: Box::new(builder.name.clone()) }
            }
            None => Asker::Service(service.to_owned()),
        }
    }

    /// Build arguments, as a mapping or as a list of `NAME=value`.
    fn arguments(&self, node: Node<'_>) -> BTreeMap<String, Text> {
        let mapped = node.entries().into_iter().filter_map(|(key, value)| {
            Some((key.as_str()?.to_owned(), interpolate(&value.embedded()?, &self.environment)))
        });
        let listed = node.items().filter_map(|item| {
            let text = interpolate(&item.embedded()?, &self.environment);
            let (name, value) = text.split_once('=')?;
            Some((name.known()?.into_owned(), value))
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

/// A context as a path of the repository.
fn local_path(context: &str) -> Option<&str> {
    local_context(context).filter(|context| !context.starts_with(['~', '/']))
}
