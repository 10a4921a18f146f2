//! Task definitions in JSON files: the images that they deploy as they stand.

mod edited;

use std::collections::BTreeSet;

use policy_docker::asker::Asker;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use crate::files::{ContainerImage, Parsed};
use crate::found::Found;
use crate::model::image::{ImageRole, ImageUse};
use edited::is_edited;

/// The account of the examples of AWS, which nobody has.
const EXAMPLE_ACCOUNT: &str = "123456789012";

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
        let role = ImageRole::in_file(path);
        let is_meant = |container: &&ContainerImage| match written(&container.image) {
            Written::Whole => true,
            // Nobody may ever use a file that nothing names, and in which people are to write their own.
            Written::ButRegistry => any_text(parsed, &|text| text.contains(path.file_name())),
            Written::Not => false,
        };
        for container in containers.iter().filter(is_meant) {
            let tagged = last_part(&container.image);
            if !known.contains(&container.image) && !is_filled_in(path.file_name(), tagged, parsed) {
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

/// Whether a workflow or a script puts another image than that with the last part `tagged` into the file called `name`.
fn is_filled_in(name: &str, tagged: &str, parsed: &Parsed) -> bool {
    any_text(parsed, &|text| is_edited(name, tagged, text))
        || pipelines(parsed).flat_map(Yaml::nodes).any(|node| renders(node, name))
}

/// Whether a step gives the file to an action that writes an image into it.
fn renders(step: Node<'_>, name: &str) -> bool {
    let said = |path: &[&str]| step.path(path).and_then(Node::as_str);
    said(&["uses"]).is_some_and(|uses| uses.contains("render"))
        && said(&["with", "task-definition"]).is_some_and(|path| path.ends_with(name) || path.ends_with("}}"))
}

/// Whether a script, a recipe or a text of a pipeline is like that.
fn any_text(parsed: &Parsed, is: &dyn Fn(&str) -> bool) -> bool {
    let scripts = parsed.shell.iter().map(|(_, script)| script.text.as_str());
    let recipes = parsed.makefiles.iter().flat_map(|(_, file)| &file.recipes).map(|(_, line)| line.as_str());
    scripts.chain(recipes).any(is) || pipelines(parsed).flat_map(Yaml::nodes).filter_map(Node::as_str).any(is)
}

fn pipelines(parsed: &Parsed) -> impl Iterator<Item = &Yaml> {
    parsed.yaml.iter().filter(|(_, file)| file.flavour.is_pipeline()).map(|(_, file)| &file.yaml)
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
        for filling in [(".github/workflows/d.yml", render), (".github/workflows/d.yml", jq), ("d.sh", sed)] {
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
