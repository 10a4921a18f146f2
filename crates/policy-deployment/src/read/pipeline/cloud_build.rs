//! Builds of Google Cloud Build.

use policy_docker::asker::Asker;
use policy_shell::resolve::{Command, State, Word, expand_document};
use policy_text::source::RepoPath;
use policy_text::value::Text;
use policy_text::yaml::{Node, Yaml};

use super::job::{set_variables, start};
use crate::commands;
use crate::found::Found;
use crate::model::image::ImageRole;

/// Reads one build.
pub(super) fn read(yaml: &Yaml, folder: &RepoPath, by: &Asker) -> Found {
    let mut found = Found::default();
    let Some(root) = yaml.root() else { return found };
    let mut state = start(folder);
    set_variables(root.get("substitutions"), &mut state);
    for step in root.get("steps").into_iter().flat_map(Node::items) {
        read_step(step, &state, by, &mut found);
    }
    // What is listed here is pushed at the end.
    for image in root.get("images").into_iter().flat_map(Node::items) {
        for reference in word(image, &state).into_iter().flat_map(|word| word.values) {
            found.image(&reference, image.span(), ImageRole::Pushed, by);
        }
    }
    found
}

fn read_step(step: Node<'_>, state: &State, by: &Asker, found: &mut Found) {
    let title = step.get("id").and_then(Node::as_str);
    let user = title.map_or_else(|| by.clone(), |title| Asker::Step(title.into()));
    let caller = commands::Caller::of_a_pipeline(&user);
    let mut state = state.clone();
    if let Some(dir) = step.get("dir").and_then(Node::as_str) {
        state.folder = state.folder.and_then(|folder| folder.join(dir));
    }
    let arguments: Vec<Node<'_>> = step.get("args").into_iter().flat_map(Node::items).collect();
    let program = step.get("entrypoint").or_else(|| step.get("name"));
    let script = match program.and_then(Node::as_str) {
        Some("bash" | "sh" | "/bin/bash" | "/bin/sh") => arguments.last().copied(),
        _ => step.get("script"),
    };
    if let Some(script) = script.and_then(Node::embedded) {
        commands::collect_from_text(script, state, &caller, found);
        return;
    }
    let Some(program) = program.and_then(|program| word_of_program(program)) else { return };
    let words = std::iter::once(program).chain(arguments.into_iter().filter_map(|item| word(item, &state)));
    let command = Command::of_words(words.collect(), state.folder.clone(), step.span());
    commands::collect(&[command], &caller, found);
}

/// The program that a builder runs: `gcr.io/cloud-builders/docker`, `gcr.io/kaniko-project/executor:latest`.
fn word_of_program(builder: Node<'_>) -> Option<Word> {
    let name = builder.as_str()?.rsplit('/').next()?.split([':', '@']).next()?.to_owned();
    Some(Word { values: vec![Text::literal(name, builder.span())], at: builder.span() })
}

/// An argument with its substitutions put in.
fn word(item: Node<'_>, state: &State) -> Option<Word> {
    Some(Word { values: expand_document(&item.embedded()?, &mut state.clone()), at: item.span() })
}

#[cfg(test)]
mod tests {
    use indoc::indoc;

    use super::*;

    #[test]
    fn a_service_is_given_its_image() {
        let text = indoc! {"
            steps:
              - name: gcr.io/google.com/cloudsdktool/cloud-sdk
                entrypoint: gcloud
                args: [run, deploy, web, --image, gcr.io/p/web:latest]
        "};
        let (yaml, _) = policy_text::yaml::parse_tree(&policy_text::embedded::Embedded::whole(
            policy_text::source::FileId(0),
            text,
        ));
        let images = read(&yaml, &RepoPath::root(), &Asker::File("cloudbuild.yaml".into())).images;
        assert_eq!(
            (images[0].role, images[0].reference.to_string().as_str()),
            (ImageRole::Deployed, "gcr.io/p/web:latest")
        );
    }
}
