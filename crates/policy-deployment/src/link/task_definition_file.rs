//! Task definitions in JSON files: the images that they deploy as they stand.

use std::collections::BTreeSet;

use policy_docker::asker::Asker;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use crate::files::{ContainerImage, Parsed};
use crate::found::Found;
use crate::model::image::{ImageRole, ImageUse};

/// Programs that put another image into a definition before it is registered.
const REWRITES: [&str; 6] = ["jq", "sed", "envsubst", "yq", "perl", "python"];

/// How deep a workflow is looked into.
const MAX_DEPTH: usize = 16;

/// The images of all files that nothing fills in. What Terraform reads from such a file is among the `known` images.
pub(super) fn images(known: &[ImageUse], parsed: &Parsed, sources: &Sources<'_>) -> Vec<ImageUse> {
    if parsed.task_definitions.is_empty() {
        return Vec::new();
    }
    let known: BTreeSet<String> = known
        .iter()
        .filter(|image| image.role == ImageRole::Deployed)
        .map(|image| image.reference.to_string())
        .collect();
    let mut found = Found::default();
    for (file, containers) in &parsed.task_definitions {
        let path = sources.path(*file);
        if is_filled_in(path.file_name(), parsed) {
            continue;
        }
        let role = ImageRole::in_file(path);
        for container in containers.iter().filter(|container| !is_placeholder(&container.image)) {
            if !known.contains(&container.image) {
                let image = Text::literal(container.image.as_str(), container.at);
                found.image(&image, container.at, role, &user(container, path));
            }
        }
    }
    found.images
}

fn user(container: &ContainerImage, path: &RepoPath) -> Asker {
    let file = Asker::File(path.file_name().to_owned());
    match &container.name {
        Some(name) => Asker::Container { name: name.clone(), of: Box::new(file) },
        None => file,
    }
}

/// Whether people or programs have yet to write the image. Repositories have no capitals, and tags no brackets.
fn is_placeholder(image: &str) -> bool {
    let name = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(image, |(name, _)| name);
    let lower = image.to_ascii_lowercase();
    name.contains(|c: char| c.is_ascii_uppercase())
        || image.contains(['<', '>', '$', '{', '%', '[', ' ', '*'])
        || ["placeholder", "replace", "account_id", "account-id", "your-", "your_", "123456789012"]
            .iter()
            .any(|word| lower.contains(word))
}

/// Whether a workflow or a script puts images into the file called `name`.
fn is_filled_in(name: &str, parsed: &Parsed) -> bool {
    let rewrites = |text: &str| {
        text.contains(name)
            && text
                .split(|c: char| !c.is_ascii_alphanumeric())
                .any(|word| REWRITES.contains(&word) || word == "render")
    };
    let pipelines = parsed.yaml.iter().filter(|(_, file)| file.flavour.is_pipeline());
    parsed.shell.iter().any(|(_, script)| rewrites(script.text.as_str()))
        || parsed
            .makefiles
            .iter()
            .any(|(_, file)| file.recipes.iter().any(|(_, line)| rewrites(line.as_str())))
        || pipelines.into_iter().any(|(_, file)| any_step(&file.yaml, name, &rewrites))
}

/// Whether a step renders the file, or runs text that rewrites it.
fn any_step(yaml: &Yaml, name: &str, rewrites: &impl Fn(&str) -> bool) -> bool {
    let mut open: Vec<(Node<'_>, usize)> = yaml.documents().map(|document| (document, 0)).collect();
    while let Some((node, depth)) = open.pop() {
        let renders = node.get("uses").and_then(Node::as_str).is_some_and(|uses| uses.contains("render"))
            && node
                .path(&["with", "task-definition"])
                .and_then(Node::as_str)
                .is_some_and(|path| path.ends_with(name) || path.ends_with("}}"));
        if renders || node.as_str().is_some_and(rewrites) {
            return true;
        }
        if depth < MAX_DEPTH {
            open.extend(node.entries().into_iter().map(|(_, value)| (value, depth + 1)));
            open.extend(node.items().map(|item| (item, depth + 1)));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    const DEFINITION: &str = r#"{"containerDefinitions": [{"name": "web", "image": "r.io/web:latest"}, {"name": "x", "image": "ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/web:latest"}, {"name": "y", "image": "<IMAGE1_NAME>"}]}"#;

    fn images(files: &[(&str, &str)]) -> Vec<(String, ImageRole)> {
        let tree = MemoryTree::of(files);
        let sources = Sources::open(&tree);
        let parsed = parse_plainly(&sources);
        super::images(&[], &parsed, &sources)
            .iter()
            .map(|image| (image.reference.to_string(), image.role))
            .collect()
    }

    #[test]
    fn images_that_are_written_out_are_deployed() {
        let web = "r.io/web:latest".to_owned();
        assert_eq!(images(&[("ecs/task-definition.json", DEFINITION)]), [(web.clone(), ImageRole::Deployed)]);
        assert_eq!(images(&[("dev/taskdef.json", DEFINITION)]), [(web, ImageRole::Development)]);
    }

    #[test]
    fn a_definition_that_a_step_or_a_script_fills_in_says_nothing() {
        let file = ("ecs/task-definition.json", DEFINITION);
        let render = "jobs:\n  a:\n    steps:\n      - uses: aws-actions/amazon-ecs-render-task-definition@v1\n        with: {task-definition: ecs/task-definition.json, container-name: web, image: r.io/web:1}\n";
        let jq =
            "jobs:\n  a:\n    steps:\n      - run: jq '.image = env.I' ecs/task-definition.json > t.json\n";
        let sed = "docker info\nsed -i s/latest/$TAG/ ecs/task-definition.json\n";
        for filling in [(".github/workflows/d.yml", render), (".github/workflows/d.yml", jq), ("d.sh", sed)] {
            assert!(images(&[file, filling]).is_empty(), "{}", filling.1);
        }
        let only_registers = "docker info\naws ecs register-task-definition --cli-input-json file://ecs/task-definition.json\n";
        assert_eq!(images(&[file, ("d.sh", only_registers)]).len(), 1);
    }
}
