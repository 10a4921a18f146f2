//! Pipelines of build services: the images that their commands build and push.

mod azure;
mod bitbucket;
mod circleci;
mod cloud_build;
mod gitlab;
mod travis;

use policy_docker::asker::{Asker, Title};
use policy_shell::resolve::{State, expand_document};
use policy_text::embedded::Embedded;
use policy_text::source::{RepoPath, Sources};
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};
use rayon::prelude::*;

use crate::commands;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::found::Found;
use crate::model::image::ImageRole;
use crate::read::start_folder::placed;

/// What all pipelines do.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let read: Vec<Found> = parsed
        .yaml
        .par_iter()
        .filter_map(|(id, file)| {
            let read: fn(&Yaml, &RepoPath) -> Found = match file.flavour {
                Flavour::Gitlab => gitlab::read,
                Flavour::CircleCi => circleci::read,
                Flavour::BuildSpec => build_spec,
                Flavour::Travis => travis::read,
                Flavour::Bitbucket => bitbucket::read,
                Flavour::AzurePipelines => azure::read,
                Flavour::CloudBuild => cloud_build::read,
                _ => return None,
            };
            let folder = sources.path(*id).parent().unwrap_or_else(RepoPath::root);
            // CircleCI has a folder for its file; what it builds lies around that.
            let folder = match folder.parent() {
                Some(around) if folder.file_name() == ".circleci" => around,
                _ => folder,
            };
            // Where a file below the root is read by anything, it is started at the root or belongs to a repository of
            // its own.
            Some(if folder.is_root() {
                read(&file.yaml, &folder)
            } else {
                placed(&folder, sources, |start| read(&file.yaml, &start))
            })
        })
        .collect();
    read.into_iter().collect()
}

/// A build specification runs the commands of all its phases in one shell.
fn build_spec(yaml: &Yaml, folder: &RepoPath) -> Found {
    let mut delivery = Found::default();
    let Some(root) = yaml.root() else { return delivery };
    let mut state = start(folder);
    set_variables(root.path(&["env", "variables"]), &mut state);
    let phases = root.get("phases").map(Node::entries).unwrap_or_default();
    let commands = phases.into_iter().filter_map(|(_, phase)| phase.get("commands")).flat_map(Node::items);
    run_lines(yaml, commands, state, &Asker::CloudBuild, &mut delivery);
    delivery
}

/// Reads lines that one shell runs.
fn run_lines<'y>(
    yaml: &'y Yaml,
    lines: impl Iterator<Item = Node<'y>>,
    state: State,
    user: &Asker,
    delivery: &mut Found,
) {
    let caller = commands::Caller::of_a_pipeline(user);
    commands::collect_from_text(script_of(yaml, lines), state, &caller, delivery);
}

/// The shell that a job starts.
fn start(folder: &RepoPath) -> State {
    State::starting_in(Some(folder.clone()), None)
}

/// Sets the variables of a mapping, those that are put together from others last. GitLab also writes a value as a mapping
/// with a description.
fn set_variables(variables: Option<Node<'_>>, state: &mut State) {
    let (composed, plain): (Vec<_>, Vec<_>) = variables
        .map(Node::entries)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value.get("value").unwrap_or(value).embedded()?)))
        .partition(|(_, text)| text.as_str().contains('$'));
    for (name, text) in plain.into_iter().chain(composed) {
        let values = expand_document(&text, state);
        state.set(name, values);
    }
}

/// The items of a script as one text.
fn script_of<'y>(yaml: &'y Yaml, items: impl Iterator<Item = Node<'y>>) -> Embedded {
    let mut script = Embedded::new(yaml.file());
    for text in items.flat_map(flat).filter_map(Node::embedded) {
        script.push_from(&text, 0..text.as_str().len());
        let end = text.span(text.as_str().len()..text.as_str().len()).range();
        script.push_replacement("\n", end);
    }
    script
}

/// An item, or the items of a list that an alias put in its place.
fn flat(item: Node<'_>) -> Vec<Node<'_>> {
    if item.is_sequence() { item.items().collect() } else { vec![item] }
}

/// An image that a job itself runs in: a tool of the pipeline.
fn add_tool(image: Option<Node<'_>>, delivery: &mut Found) {
    let Some(image) = image.map(|image| image.get("name").unwrap_or(image)) else { return };
    if let Some(text) = image.as_str().filter(|text| !text.contains('$')) {
        delivery.image(
            &Text::literal(text, image.span()),
            image.span(),
            ImageRole::Development,
            &Asker::Job(Title::None),
        );
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;
    use policy_text::yaml::parse_tree;

    use super::*;

    pub(super) fn pushed(text: &str, read: fn(&Yaml, &RepoPath) -> Found) -> Vec<String> {
        let (yaml, problems) = parse_tree(&Embedded::whole(FileId(0), text));
        assert_eq!(problems, []);
        let images = read(&yaml, &RepoPath::root()).images.into_iter();
        images
            .filter(|image| image.role == ImageRole::Pushed)
            .map(|image| image.reference.to_string())
            .collect()
    }

    #[test]
    fn gitlab_jobs_push_with_variables_of_every_level() {
        let text = "variables: {NAME: web}\n.base:\n  before_script: [export TAG=latest]\npush:\n  extends: .base\n  variables: {REG: r.io}\n  image: docker\n  script:\n    - docker build -t $REG/$NAME .\n    - |\n      if [ $CI_COMMIT_BRANCH = main ]; then\n        docker push $REG/$NAME:$TAG\n      fi\n    - docker push $REG/$NAME:$CI_COMMIT_SHORT_SHA\n";
        assert_eq!(pushed(text, gitlab::read), ["r.io/web:latest", "r.io/web:${CI_COMMIT_SHORT_SHA}"]);
    }

    #[test]
    fn variables_are_put_together_from_others() {
        let text = "variables: {NAME: $CI_REGISTRY_IMAGE, IMAGE: '$NAME/$APP:latest', APP: web}\npush:\n  script: [docker push $IMAGE]\n";
        assert_eq!(pushed(text, gitlab::read), ["${CI_REGISTRY_IMAGE}/web:latest"]);
    }

    #[test]
    fn gitlab_puts_variables_into_variables() {
        let text = "variables: {IMAGE: '$CI_REGISTRY_IMAGE/web:latest'}\npush:\n  variables: {OTHER: '${IMAGE}-x'}\n  script:\n    - docker push $IMAGE\n    - docker push $OTHER\n    - /kaniko/executor --context . --destination $CI_REGISTRY_IMAGE:latest\n";
        assert_eq!(
            pushed(text, gitlab::read),
            [
                "${CI_REGISTRY_IMAGE}/web:latest",
                "${CI_REGISTRY_IMAGE}/web:latest-x",
                "${CI_REGISTRY_IMAGE}:latest"
            ]
        );
    }

    #[test]
    fn circleci_steps_push() {
        let text = "jobs:\n  push:\n    docker: [{image: cimg/base}]\n    environment: {TAG: latest}\n    steps:\n      - checkout\n      - run: docker push web:$TAG\n";
        assert_eq!(pushed(text, circleci::read), ["web:latest"]);
    }

    #[test]
    fn a_build_specification_is_one_shell() {
        let text = "env: {variables: {R: r.io}}\nphases:\n  pre_build:\n    commands: [TAG=latest]\n  build:\n    commands:\n      - docker build -t $R/web:$TAG .\n      - docker push $R/web:$TAG\n";
        assert_eq!(pushed(text, build_spec), ["r.io/web:latest"]);
    }
}
