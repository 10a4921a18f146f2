//! Values of Helm charts: the images that they choose.

use rayon::prelude::*;

use super::Deployment;
use super::delivery::Delivery;
use super::image::{ImageRole, ImageUse};
use super::standing;
use crate::parse::Parsed;
use crate::parse::yaml::{Flavour, Node, Yaml};
use crate::resolve::{Origin, Piece, Provenance, Text};
use crate::source::{RepoPath, Sources};

/// How many values of one file are looked at, and how deep they may stand.
const MAX_VALUES: usize = 20_000;
const MAX_DEPTH: usize = 12;

/// Adds the images of all values files that belong to a chart.
pub(super) fn add(deployment: &mut Deployment, parsed: &Parsed, sources: &Sources<'_>) {
    let files: Vec<_> = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::HelmValues).collect();
    let root_of = |path: RepoPath| {
        let id = sources.find(&path)?;
        files.iter().find(|(file, _)| *file == id)?.1.yaml.root()
    };
    let read: Vec<Delivery> = files
        .par_iter()
        .map(|(file, values)| {
            let path = sources.path(*file);
            if !belongs_to_chart(path, sources) {
                return Delivery::default();
            }
            let parent = parent_values(path).and_then(|(parent, name)| root_of(parent)?.get(&name));
            read(&values.yaml, parent, path)
        })
        .collect();
    for delivery in read {
        delivery.join(deployment);
    }
}

/// Whether a chart lies beside the file or above it, or the file lies in a folder named for Helm.
fn belongs_to_chart(path: &RepoPath, sources: &Sources<'_>) -> bool {
    let chart =
        |folder: RepoPath| folder.join("Chart.yaml").is_some_and(|chart| sources.find(&chart).is_some());
    path.ancestors().skip(1).any(chart)
        || path.components().any(|part| part.contains("helm") || part == "charts")
}

/// The images of values that something else than a file gives to a chart.
pub(super) fn images_written(yaml: &Yaml) -> Vec<ImageUse> {
    read(yaml, None, &RepoPath::root()).images
}

/// The values of the chart that has this one in its `charts`, and the name under which they say something about it.
fn parent_values(path: &RepoPath) -> Option<(RepoPath, String)> {
    let own = path.parent()?;
    let charts = own.parent().filter(|folder| folder.file_name() == "charts")?;
    Some((charts.parent()?.join("values.yaml")?, own.file_name().to_owned()))
}

/// Reads one file, without what `parent` sets, which wins.
fn read(yaml: &Yaml, parent: Option<Node<'_>>, path: &RepoPath) -> Delivery {
    let role = if standing::is_development_file(path) { ImageRole::Development } else { ImageRole::Deployed };
    let mut delivery = Delivery::default();
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
            delivery.image(&reference, at.span(), role, "the chart");
        }
        open.extend(node.entries().into_iter().map(|(key, value)| {
            let winner = winner.and_then(|winner| winner.get(key.as_str()?));
            (value, winner, depth + 1)
        }));
        open.extend(node.items().map(|item| (item, None, depth + 1)));
    }
    delivery.images.sort_by_key(|image| image.at);
    delivery
}

/// The value that the chart's templates put before the names of images.
fn common_registry(yaml: &Yaml) -> Option<Node<'_>> {
    let root = yaml.root()?;
    [root.get("global"), Some(root)].into_iter().flatten().find_map(|node| node.get("imageRegistry"))
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
    reference.append(&Text::literal(":", tag.span()));
    reference.push(Piece::Literal(written.into(), Provenance::at(tag.span())));
    Some((reference, tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryTree;

    fn images(files: &[(&str, &str)]) -> Vec<String> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let parsed = crate::parse::parse_all(
            &sources,
            &crate::config::Settings::default(),
            crate::model::commands::named_in,
        );
        let mut deployment = Deployment::default();
        add(&mut deployment, &parsed, &sources);
        deployment.images.iter().map(|image| image.reference.to_string()).collect()
    }

    #[test]
    fn a_tag_beside_a_repository_is_an_image() {
        let values = "web:\n  image:\n    registry: r.io\n    repository: web\n    tag: latest\napi:\n  image: {repository: api, tag: ''}\nworkers:\n  - image: {repository: w, tag: 1.0}\n";
        assert_eq!(
            images(&[("chart/Chart.yaml", ""), ("chart/values.yaml", values)]),
            ["r.io/web:latest", "w:1.0"]
        );
        assert!(images(&[("config/values.yaml", values)]).is_empty());
    }

    #[test]
    fn the_values_of_the_chart_around_win() {
        let parent = "web: {image: {repository: r.io/web, tag: '2'}}\n";
        let own =
            "image: {repository: r.io/web, tag: latest}\nside: {image: {repository: r.io/side, tag: '1'}}\n";
        let files = [("helm/values.yaml", parent), ("helm/charts/web/values.yaml", own)];
        assert_eq!(images(&files), ["r.io/side:1", "r.io/web:2"]);
    }

    #[test]
    fn files_of_values_go_by_many_names() {
        let values = "image: {repository: r.io/web, tag: latest}\n";
        assert_eq!(images(&[("infra/helm-values/web-values-prod.yaml", values)]), ["r.io/web:latest"]);
        assert!(images(&[("infra/helm/novalues.yaml", values)]).is_empty());
    }

    #[test]
    fn a_registry_that_all_images_have_stands_before_bare_names() {
        let values = "global: {imageRegistry: ''}\nweb:\n  image: {repository: web, tag: '1'}\napi:\n  image: {repository: team/api, tag: '1'}\n";
        assert_eq!(
            images(&[("chart/Chart.yaml", ""), ("chart/values.yaml", values)]),
            ["${imageRegistry}/web:1", "team/api:1"]
        );
    }
}
