//! Task definitions in JSON files: the images that they deploy as they stand.

mod edits;

use std::collections::BTreeSet;

use policy_docker::asker::Asker;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use crate::files::{ContainerImage, Parsed};
use crate::found::Found;
use crate::model::image::{ImageRole, ImageUse};
use edits::{Edits, Scripts};

/// The account of the examples of AWS, which nobody has.
const EXAMPLE_ACCOUNT: &str = "123456789012";

/// The images of all files that nothing fills in. What Terraform reads from such a file is among the `known` images.
pub(super) fn images(known: &[ImageUse], parsed: &Parsed, sources: &Sources<'_>) -> Vec<ImageUse> {
    let Some((first, _)) = parsed.task_definitions.first() else { return Vec::new() };
    let scripts = Scripts::new(*first, parsed.texts_of_commands());
    let known: BTreeSet<String> = known
        .iter()
        .filter(|image| image.role == ImageRole::Deployed)
        .map(|image| image.reference.to_string())
        .collect();
    let rendered: Vec<&str> = parsed.pipelines().flat_map(Yaml::nodes).filter_map(rendered).collect();
    let mut found = Found::default();
    for (file, containers) in &parsed.task_definitions {
        let path = sources.path(*file);
        let name = path.file_name();
        let is_named = || parsed.texts_of_commands().any(|text| text.contains(name));
        let is_meant = |container: &&ContainerImage| match written(&container.image) {
            Written::Whole => true,
            // Nobody may ever use a file that nothing names, and in which people are to write their own.
            Written::ButRegistry => is_named(),
            Written::Not => false,
        };
        let meant = containers.iter().filter(is_meant).filter(|container| !known.contains(&container.image));
        let meant: Vec<&ContainerImage> = meant.collect();
        // What another file is called is not known.
        if meant.is_empty() || rendered.iter().any(|path| path.ends_with(name) || path.ends_with("}}")) {
            continue;
        }
        let edits = Edits::of(name, &scripts);
        let role = ImageRole::in_file(path);
        for container in meant.into_iter().filter(|container| !edits.may_change(last_part(&container.image)))
        {
            let image = Text::literal(container.image.as_str(), container.at);
            found.image(&image, container.at, role, &user(container, path));
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

/// The last part of the name of an image, with its tag.
fn last_part(image: &str) -> &str {
    image.rsplit('/').next().unwrap_or(image)
}

/// How much of an image is written out.
enum Written {
    /// All of it.
    Whole,
    /// The repository and the tag: people or programs have yet to write the registry or the account.
    ButRegistry,
    /// Not which image it is.
    Not,
}

fn written(image: &str) -> Written {
    let last = last_part(image);
    if !is_placeholder(image) && !image.contains(EXAMPLE_ACCOUNT) {
        Written::Whole
    } else if last.contains(':') && !is_placeholder(last) && !image.contains(EXAMPLE_ACCOUNT) {
        Written::ButRegistry
    } else {
        Written::Not
    }
}

/// Whether people or programs have yet to write a part. Repositories have no capitals, and tags no brackets.
fn is_placeholder(image: &str) -> bool {
    let name = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(image, |(name, _)| name);
    let lower = image.to_ascii_lowercase();
    name.is_empty()
        || name.contains(|c: char| c.is_ascii_uppercase())
        || image.contains(['<', '>', '$', '{', '}', '%', '[', ']', ' ', '*'])
        || ["placeholder", "replace", "account_id", "account-id", "your-", "your_"]
            .iter()
            .any(|word| lower.contains(word))
}

/// The task definition that a step gives to an action which writes an image into it.
fn rendered(step: Node<'_>) -> Option<&str> {
    let said = |path: &[&str]| step.path(path).and_then(Node::as_str);
    said(&["with", "task-definition"]).filter(|_| said(&["uses"]).is_some_and(|uses| uses.contains("render")))
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_text::source::MemoryTree;

    use super::*;
    use crate::files::parse_plainly;

    const DEFINITION: &str = indoc! {r#"
        {"containerDefinitions": [
          {"name": "web", "image": "r.io/web:latest"},
          {"name": "x", "image": "ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/web:latest"},
          {"name": "y", "image": "<IMAGE1_NAME>"}
        ]}
    "#};

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
        let render = indoc! {"
            jobs:
              a:
                steps:
                  - uses: aws-actions/amazon-ecs-render-task-definition@v1
                    with: {task-definition: ecs/task-definition.json, container-name: web, image: r.io/web:1}
        "};
        let jq =
            "jobs:\n  a:\n    steps:\n      - run: jq '.image = env.I' ecs/task-definition.json > t.json\n";
        let sed = "docker info\nsed -i s/latest/$TAG/ ecs/task-definition.json\n";
        let jenkins = "node {\n  sh \"docker info; sed -i s/latest/$TAG/ ecs/task-definition.json\"\n}\n";
        for filling in [
            (".github/workflows/d.yml", render),
            (".github/workflows/d.yml", jq),
            ("d.sh", sed),
            ("Jenkinsfile", jenkins),
        ] {
            assert!(images(&[file, filling]).is_empty(), "{}", filling.1);
        }
        let only_registers = "docker info\naws ecs register-task-definition --cli-input-json file://ecs/task-definition.json\n";
        let reads_another = format!("{only_registers}jq .image other.json\n");
        let sets_account = "docker info\nsed -i s/ACCOUNT/$ACCOUNT/ ecs/task-definition.json\n";
        for script in [only_registers, &reads_another, sets_account] {
            assert_eq!(images(&[file, ("d.sh", script)]).len(), 2, "{script}");
        }
    }
}
