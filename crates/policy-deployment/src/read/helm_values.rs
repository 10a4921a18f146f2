//! Values of Helm charts: the images that they choose.

use policy_text::source::{RepoPath, Sources};
use rayon::prelude::*;

use crate::documents::chart_values;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;

/// The images of all values files that belong to a chart.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let files: Vec<_> = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::HelmValues).collect();
    let root_of = |path: RepoPath| {
        let id = sources.find(&path)?;
        files.iter().find(|(file, _)| *file == id)?.1.yaml.root()
    };
    let read: Vec<Found> = files
        .par_iter()
        .map(|(file, values)| {
            let path = sources.path(*file);
            if !belongs_to_chart(path, sources) {
                return Found::default();
            }
            let parent = parent_values(path).and_then(|(parent, name)| root_of(parent)?.get(&name));
            let role = ImageRole::in_file(path);
            Found::of_images(chart_values::images(&values.yaml, parent, role))
        })
        .collect();
    read.into_iter().collect()
}

/// Whether a chart lies beside the file or above it, or the file lies in a folder named for Helm.
fn belongs_to_chart(path: &RepoPath, sources: &Sources<'_>) -> bool {
    let chart =
        |folder: RepoPath| folder.join("Chart.yaml").is_some_and(|chart| sources.find(&chart).is_some());
    path.ancestors().skip(1).any(chart)
        || path.components().any(|part| part.contains("helm") || part == "charts")
}

/// The values of the chart that has this one in its `charts`, and the name under which they say something about it.
fn parent_values(path: &RepoPath) -> Option<(RepoPath, String)> {
    let own = path.parent()?;
    let charts = own.parent().filter(|folder| folder.file_name() == "charts")?;
    Some((charts.parent()?.join("values.yaml")?, own.file_name().to_owned()))
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    fn images(files: &[(&str, &str)]) -> Vec<String> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        let found = read(&parsed, &sources);
        found.images.iter().map(|image| image.reference.to_string()).collect()
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
