//! Jenkinsfiles: the images that their `sh` steps and the docker plugin build and push.

use std::ops::Range;

use policy_docker::asker::Asker;
use policy_docker::image::{Reference, tagged};
use policy_shell::jenkinsfile::{Jenkinsfile, Quoted};
use policy_shell::resolve::State;
use policy_text::budget::Budget;
use policy_text::source::{FileId, RepoPath, Sources, Span};
use policy_text::value::{Text, ci_variables};

use super::in_turn;
use crate::commands::{self, with_placeholders};
use crate::files::Parsed;
use crate::found::Found;
use crate::model::image::ImageRole;

/// What all Jenkinsfiles do. A pipeline may check out another repository than its own: a build counts where its
/// Dockerfile is here.
pub(crate) fn read(parsed: &Parsed, sources: &Sources<'_>) -> Found {
    let steps = |(id, file): &(FileId, Jenkinsfile)| {
        pipeline(*id, file, &Asker::File(sources.path(*id).file_name().to_owned()))
    };
    let mut found = in_turn::found_in(&parsed.jenkinsfiles, |(id, _)| *id, steps);
    found.builds.retain(|build| build.can_start(sources));
    found
}

/// What is said where many steps have many variables.
const TOO_COSTLY: &str = "the steps of this pipeline have more variables together than are followed; this step and those \
                          after it were not read";

fn pipeline(id: FileId, file: &Jenkinsfile, by: &Asker) -> Found {
    let mut found = Found::default();
    found.supplied.extend(file.supplied.clone().map(|part| Span::new(id, part)));
    let written = file.steps.iter().map(|step| &step.text).chain(file.values.values());
    let budget = Budget::for_bytes(written.map(|text| text.as_str().len()).sum());
    for step in &file.steps {
        let at = step.text.span(0..step.text.as_str().len());
        if !found.pays(&budget, file.values.len(), at, TOO_COSTLY) {
            break;
        }
        let folder = (!file.changes_folder).then(RepoPath::root);
        let mut state = State::starting_in(folder, None);
        for (name, value) in &file.values {
            let whole = value.span(0..value.as_str().len());
            state.set(name, vec![Text::literal(value.as_str(), whole)]);
        }
        let parts = step.holes.iter().map(|(range, name)| {
            let at = step.text.span(range.clone());
            (range.clone(), vec![value_of(name, file, at)])
        });
        let script = with_placeholders(&step.text, parts, &mut state);
        commands::collect_from_text(script, state, &commands::Caller::of_a_pipeline(by), &mut found);
    }
    plugin(file, by, &mut found);
    found
}

/// What the docker plugin builds and pushes.
fn plugin(file: &Jenkinsfile, by: &Asker, found: &mut Found) {
    let named: Vec<Text> = file.plugin.images.iter().map(|image| text_of(&image.reference, file)).collect();
    let at = |quoted: &Quoted| quoted.text.span(0..quoted.text.as_str().len());
    for (image, reference) in file.plugin.images.iter().zip(&named).filter(|(image, _)| image.built) {
        found.image(reference, at(&image.reference), ImageRole::Built, by);
    }
    for push in &file.plugin.pushes {
        let Some(built) = named.get(push.image) else { continue };
        let mut reference = built.clone();
        if let Some((tag, parsed)) = push.tag.as_ref().zip(Reference::parse(built)) {
            reference = tagged(parsed.name, &text_of(tag, file), at(tag));
        }
        found.image(&reference, push.at, ImageRole::Pushed, by);
    }
}

/// The text of a string with what Groovy puts in.
fn text_of(quoted: &Quoted, file: &Jenkinsfile) -> Text {
    let mut text = Text::empty();
    let mut done = 0;
    let written = quoted.text.as_str();
    let literal = |range: Range<usize>| {
        let at = quoted.text.span(range.clone());
        Text::literal(written.get(range).unwrap_or_default(), at)
    };
    for (range, name) in &quoted.holes {
        text.append(&literal(done..range.start));
        text.append(&value_of(name, file, quoted.text.span(range.clone())));
        done = range.end;
    }
    text.append(&literal(done..written.len()));
    text
}

fn value_of(name: &str, file: &Jenkinsfile, at: Span) -> Text {
    let bare = name.strip_prefix("env.").unwrap_or(name);
    match file.values.get(bare) {
        Some(value) => Text::literal(value.as_str(), value.span(0..value.as_str().len()))
            .through(at, format!("`{name}` is used here")),
        None => Text::hole(ci_variables::origin_of(bare), at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indoc::indoc;
    use policy_shell::jenkinsfile;

    fn by() -> Asker {
        Asker::File("Jenkinsfile".into())
    }

    #[test]
    fn what_steps_push_is_followed_through_both_languages() {
        let text = indoc! {r#"
            environment {
              REG = 'r.io'
              TAG = 'latest'
            }
            sh 'docker push $REG/web:$TAG'
            sh "docker push ${REG}/api:${env.BUILD_NUMBER}"
            sh "docker push ${env.REG}/cli:\$TAG"
        "#};
        let file = jenkinsfile::parse(FileId(0), text);
        let images = pipeline(FileId(0), &file, &by()).images;
        assert!(images.iter().all(|image| image.role == ImageRole::Pushed));
        let pushed: Vec<_> = images.iter().map(|image| image.reference.to_string()).collect();
        assert_eq!(pushed, ["r.io/web:latest", "r.io/api:${BUILD_NUMBER}", "r.io/cli:latest"]);
    }

    #[test]
    fn what_the_plugin_pushes_has_its_own_tag_or_the_one_it_was_built_with() {
        let text = indoc! {r#"
            environment { TAG = 'latest' }
            img = docker.build("r.io/web:${TAG}")
            img.push()
            img.push("${env.BUILD_NUMBER}")
            img.push("v1")
        "#};
        let file = jenkinsfile::parse(FileId(0), text);
        let images = pipeline(FileId(0), &file, &by()).images;
        let pushed: Vec<_> = images
            .iter()
            .filter(|image| image.role == ImageRole::Pushed)
            .map(|image| image.reference.to_string())
            .collect();
        assert_eq!(pushed, ["r.io/web:latest", "r.io/web:${BUILD_NUMBER}", "r.io/web:v1"]);
    }

    #[test]
    fn a_build_in_a_folder_that_is_changed_to_is_not_placed() {
        let builds =
            |text: &str| pipeline(FileId(0), &jenkinsfile::parse(FileId(0), text), &by()).builds.len();
        assert_eq!(builds("sh 'docker build -t web web'\n"), 1);
        assert_eq!(builds("dir('app') { sh 'docker build -t web web' }\n"), 0);
    }
}
