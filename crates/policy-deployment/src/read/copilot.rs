//! Manifests of AWS Copilot: the images that services are built from, or run.

use policy_docker::asker::Asker;
use policy_docker::build::{BuildRequest, Places, Platforms};
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;

/// What all manifests build and run.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let mut found = Found::default();
    for (id, file) in parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Copilot) {
        let path = sources.path(*id);
        // Paths count from the folder that holds `copilot/`.
        let home =
            path.ancestors().find(|folder| folder.file_name() == "copilot").and_then(|own| own.parent());
        service(&file.yaml, &home.unwrap_or_else(RepoPath::root), &mut found);
    }
    found
}

fn service(yaml: &Yaml, home: &RepoPath, found: &mut Found) {
    let Some(root) = yaml.root() else { return };
    let name = root.get("name").and_then(Node::as_str).unwrap_or_default();
    let by = Asker::CopilotService(name.to_owned());
    let sidecars = root.get("sidecars").map(Node::entries).unwrap_or_default();
    let images = root
        .get("image")
        .into_iter()
        .chain(sidecars.into_iter().filter_map(|(_, sidecar)| sidecar.get("image")));
    for image in images {
        let location = if image.as_str().is_some() { Some(image) } else { image.get("location") };
        if let Some((node, text)) = location.and_then(|node| Some((node, node.as_str()?))) {
            // What the environment decides is not known here.
            if !text.contains('$') {
                found.image(&Text::literal(text, node.span()), node.span(), ImageRole::Deployed, &by);
            }
        }
        found.builds.extend(image.get("build").and_then(|build| request(build, home, &by)));
    }
}

/// `build: path/to/Dockerfile`, or a mapping. Without a context, the Dockerfile's own folder is sent.
fn request(build: Node<'_>, home: &RepoPath, by: &Asker) -> Option<BuildRequest> {
    let said = |key: &str| build.get(key).and_then(Node::as_str).filter(|text| !text.contains('$'));
    let dockerfile = match build.as_str().or_else(|| said("dockerfile")) {
        Some(path) => Some(home.join(path)?),
        None => None,
    };
    let context = match (said("context"), &dockerfile) {
        (Some(context), _) => home.join(context)?,
        (None, Some(dockerfile)) => dockerfile.parent()?,
        (None, None) => return None,
    };
    Some(BuildRequest {
        context,
        dockerfile: dockerfile.into(),
        target: said("target").map(ToOwned::to_owned),
        args: std::collections::BTreeMap::new(),
        images: Vec::new(),
        platforms: Platforms::Unsaid,
        named_contexts: std::collections::BTreeMap::new(),
        is_tentative: false,
        at: build.span(),
        places: Places::default(),
        by: by.clone(),
    })
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    #[test]
    fn services_are_built_from_the_folder_of_the_dockerfile_or_run_an_image() {
        let api = "name: api\ntype: Backend Service\nimage:\n  build: api/Dockerfile\nsidecars:\n  proxy: {image: 'envoy:latest'}\n";
        let web = "name: web\ntype: Load Balanced Web Service\nimage:\n  build: {dockerfile: docker/web.Dockerfile, context: ., target: run}\n";
        let job = "name: job\ntype: Scheduled Job\nimage: {location: 'r.io/job:latest'}\n";
        let tree = [
            ("copilot/api/manifest.yml", api),
            ("copilot/web/manifest.yml", web),
            ("copilot/job/manifest.yml", job),
        ]
        .iter()
        .fold(MemoryTree::new(), |tree, (path, text)| tree.with(RepoPath::new(path).unwrap(), *text));
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        let found = read(&parsed, &sources);
        let builds: Vec<_> = found
            .builds
            .iter()
            .map(|build| (build.context.to_string(), build.dockerfile.path().unwrap().to_string()))
            .collect();
        let pair = |context: &str, file: &str| (context.to_owned(), file.to_owned());
        assert_eq!(builds, [pair("api", "api/Dockerfile"), pair(".", "docker/web.Dockerfile")]);
        let images: Vec<_> = found.images.iter().map(|image| image.reference.to_string()).collect();
        assert_eq!(images, ["envoy:latest", "r.io/job:latest"]);
    }
}
