//! Services whose images `docker compose push` takes to a registry.

use std::collections::{BTreeMap, HashMap, HashSet};

use policy_docker::asker::Asker;
use policy_docker::image::Reference;
use policy_text::Problem;
use policy_text::budget::Budget;
use policy_text::source::{FileId, Sources, Span};
use policy_text::yaml::{Node, Yaml};

use super::composition::Composition;
use crate::files::Parsed;
use crate::files::variables::SetVariables;
use crate::files::yaml_file::Flavour;
use crate::model::image::{ImageRole, ImageUse};

/// A command that pushes the images of compose files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ComposePush {
    /// The files.
    pub(crate) composition: Composition,
    /// The services that it names. Without any, it takes all.
    pub(crate) services: Vec<String>,
    /// The command.
    pub(crate) at: Span,
    /// Who runs it.
    pub(crate) by: Asker,
}

/// What commands push of compose files.
#[derive(Debug, Default)]
pub(crate) struct Pushed {
    /// The images.
    pub(crate) images: Vec<ImageUse>,
    /// What was left out for its cost.
    pub(crate) problems: Vec<Problem>,
}

/// The images among those that are built which `pushes` push.
pub(crate) fn pushed(
    pushes: &[ComposePush],
    images: &[ImageUse],
    parsed: &Parsed,
    sources: &Sources<'_>,
) -> Pushed {
    let mut built: HashMap<Span, Vec<&ImageUse>> = HashMap::new();
    for image in images.iter().filter(|image| image.role == ImageRole::Built && has_repository(image)) {
        built.entry(image.at).or_default().push(image);
    }
    let set = SetVariables::of(parsed);
    let mut services = BTreeMap::new();
    let mut found = Pushed::default();
    let mut seen = HashSet::new();
    for push in pushes {
        let files = push.composition.paths(sources).into_iter().flatten();
        for file in files.filter_map(|path| sources.find(&path)) {
            let Some(yaml) = compose_file(file, parsed) else { continue };
            let (of_file, budget) = services
                .entry(file)
                .or_insert_with(|| (built_services(yaml, &built, &set), Budget::for_bytes(yaml.size())));
            if let Err(refused) = budget.spend(of_file.len()) {
                if refused.is_first {
                    let message = "so many commands push the images of this compose file that it was not looked at what this \
                                   one and those after it push";
                    found.problems.push(Problem::too_costly(push.at, message));
                }
                continue;
            }
            let is_meant =
                |name: &str| push.services.is_empty() || push.services.iter().any(|own| own == name);
            let meant =
                of_file.iter().filter(|(name, _)| is_meant(name)).flat_map(|(_, images)| images.iter());
            for image in meant {
                let tag = image.reference.last_literal().map(|literal| literal.at);
                if seen.insert((push.at, push.by.to_string(), image.reference.to_string(), tag)) {
                    let user = push.by.clone();
                    let role = ImageRole::Pushed;
                    found.images.push(ImageUse { at: push.at, role, user, ..(*image).clone() });
                }
            }
        }
    }
    found
}

/// The services of a file, each with those of the images in `built` that it names, unless something else sets what they are
/// called.
fn built_services<'y, 'i>(
    yaml: &'y Yaml,
    built: &HashMap<Span, Vec<&'i ImageUse>>,
    set: &SetVariables<'_>,
) -> Vec<(&'y str, Vec<&'i ImageUse>)> {
    let services = yaml.root().and_then(|root| root.get("services")).map(Node::entries).unwrap_or_default();
    let named = services.into_iter().filter_map(|(name, service)| {
        let image = service.get("image")?;
        let images = built.get(&image.span())?;
        (!set.decide(image.as_str()?)).then(|| (name.as_str().unwrap_or_default(), images.clone()))
    });
    named.collect()
}

fn compose_file(file: FileId, parsed: &Parsed) -> Option<&Yaml> {
    let index = parsed.yaml.binary_search_by_key(&file, |(id, _)| *id).ok()?;
    let (_, file) = parsed.yaml.get(index)?;
    (file.flavour == Flavour::Compose).then_some(&file.yaml)
}

/// A name without a slash is that of an official image, which nobody else pushes.
fn has_repository(image: &ImageUse) -> bool {
    Reference::parse(&image.reference).is_some_and(|reference| reference.name.contains('/'))
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::link::link_plainly;

    const COMPOSE: &str = indoc! {"
        services:
          web: {build: ., image: 'r.io/web:${TAG:-latest}'}
          api: {build: api, image: 'r.io/api:1'}
          db: {image: 'postgres:16'}
          local: {build: ., image: local}
    "};

    fn pushed(files: &[(&str, &str)]) -> Vec<String> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let images =
            link_plainly(&sources).images.into_iter().filter(|image| image.role == ImageRole::Pushed);
        images.map(|image| image.reference.to_string()).collect()
    }

    #[test]
    fn what_is_built_is_pushed() {
        let all = ["r.io/web:latest", "r.io/api:1"];
        for command in [
            "docker compose push",
            "docker-compose build --push",
            "docker compose -f docker-compose.yml push",
        ] {
            assert_eq!(pushed(&[("docker-compose.yml", COMPOSE), ("push.sh", command)]), all, "{command}");
        }
        let named = "docker compose push api\n";
        assert_eq!(pushed(&[("docker-compose.yml", COMPOSE), ("push.sh", named)]), ["r.io/api:1"]);
        let beside = [("app/compose.yaml", COMPOSE), ("app/push.sh", "docker compose push\n")];
        assert_eq!(pushed(&beside), all);
        let workflow = "jobs:\n  a:\n    steps:\n      - run: docker compose push web\n";
        let files = [("docker-compose.yml", COMPOSE), (".github/workflows/p.yml", workflow)];
        assert_eq!(pushed(&files), ["r.io/web:latest"]);
    }

    #[test]
    fn what_only_runs_or_has_its_tag_set_is_not_pushed() {
        for command in
            ["docker compose up -d --build", "docker compose build", "docker compose -f $FILE push"]
        {
            assert!(pushed(&[("compose.yaml", COMPOSE), ("push.sh", command)]).is_empty(), "{command}");
        }
        let make = "TAG := $(shell git rev-parse HEAD)\nexport TAG\npush:\n\tdocker compose push\n";
        assert_eq!(pushed(&[("compose.yaml", COMPOSE), ("Makefile", make)]), ["r.io/api:1"]);
        let set = "export TAG=$(git rev-parse HEAD)\ndocker compose push\n";
        assert_eq!(pushed(&[("compose.yaml", COMPOSE), ("push.sh", set)]), ["r.io/api:1"]);
    }
}
