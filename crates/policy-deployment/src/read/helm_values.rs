//! Values of Helm charts: the images that they choose.

mod evaluation;
mod expression;
mod template;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use policy_docker::asker::Asker;
use policy_docker::image::Reference;
use policy_text::source::{RepoPath, Sources};
use policy_text::yaml::Node;
use rayon::prelude::*;

use crate::documents::chart_values;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::{Caveat, ImageRole, ImageUse};
use template::Templates;

/// The images of all values files that belong to a chart.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let files: Vec<_> = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::HelmValues).collect();
    let root_of = |path: RepoPath| {
        let id = sources.find(&path)?;
        files.iter().find(|(file, _)| *file == id)?.1.yaml.root()
    };
    // Several files of values belong to one chart.
    let charts: BTreeMap<RepoPath, OnceLock<Templates>> =
        files.iter().filter_map(|(file, _)| Some((sources.path(*file).parent()?, OnceLock::new()))).collect();
    let read: Vec<Found> = files
        .par_iter()
        .map(|(file, values)| {
            let path = sources.path(*file);
            if !belongs_to_chart(path, sources) {
                return Found::default();
            }
            let parent = parent_values(path).and_then(|(parent, name)| root_of(parent)?.get(&name));
            let role = ImageRole::in_file(path);
            let mut found = Found::of_images(chart_values::images(&values.yaml, parent, role));
            // What the chart around says of these values is not put in.
            if let (None, Some(folder)) = (parent, path.parent()) {
                let base = folder.join("values.yaml").and_then(root_of);
                let roots: Vec<Node<'_>> = values.yaml.root().into_iter().chain(base).collect();
                let chart =
                    charts.get(&folder).map(|chart| chart.get_or_init(|| templates_in(&folder, sources)));
                let images = chart.into_iter().flat_map(|chart| templated(chart, &roots, role));
                let mut unknown = Vec::new();
                for image in images.filter(|image| image.at.file == *file) {
                    match found.images.iter_mut().find(|known| known.at == image.at) {
                        Some(known) => known.caveat = known.caveat.take().or(image.caveat),
                        None => unknown.push(image),
                    }
                }
                found.images_once(unknown);
            }
            found
        })
        .collect();
    read.into_iter().collect()
}

/// The templates of the chart in `folder`; none where there is no chart.
fn templates_in(folder: &RepoPath, sources: &Sources<'_>) -> Templates {
    let mut chart = Templates::default();
    let is_chart = folder.join("Chart.yaml").is_some_and(|chart| sources.find(&chart).is_some());
    let Some(templates) = folder.join("templates").filter(|_| is_chart) else { return chart };
    let files = sources.files_within(&templates);
    for (file, _) in files.filter(|(_, path)| matches!(path.extension(), Some("yaml" | "yml" | "tpl"))) {
        if let Ok(decoded) = sources.read(file) {
            chart.add(file, &decoded.text);
        }
    }
    chart
}

/// The images that the templates of a chart make of the values in `roots`, of which the first that is there counts.
fn templated(chart: &Templates, roots: &[Node<'_>], role: ImageRole) -> Vec<ImageUse> {
    let images = chart.images(roots).into_iter();
    let used = images.filter(|image| Reference::parse(&image.reference).is_some()).map(|image| ImageUse {
        reference: image.reference,
        at: image.at,
        role,
        user: Asker::Chart,
        caveat: image.kept_by.map(|at| (Caveat::Kept, at)),
    });
    used.collect()
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
    use indoc::indoc;
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
        let values = indoc! {"
            web:
              image:
                registry: r.io
                repository: web
                tag: latest
            api:
              image: {repository: api, tag: ''}
            workers:
              - image: {repository: w, tag: 1.0}
        "};
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
    fn templates_say_which_values_make_an_image() {
        let template =
            "spec:\n  containers:\n    - image: \"{{ .Values.Web.Name }}:{{ .Values.Web.Version }}\"\n";
        let values = "Web: {Name: r.io/web, Version: latest}\n";
        let chart = [
            ("chart/Chart.yaml", "name: web\n"),
            ("chart/templates/web.yaml", template),
            ("chart/values.yaml", values),
        ];
        assert_eq!(images(&chart), ["r.io/web:latest"]);
        let live = ("chart/values-live.yaml", "Web: {Version: '2'}\n");
        assert_eq!(images(&[chart[0], chart[1], live, chart[2]]), ["r.io/web:2", "r.io/web:latest"]);
        assert!(images(&[chart[1], chart[2]]).is_empty());
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
