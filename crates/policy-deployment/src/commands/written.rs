//! Compose files and manifests that a script writes with a here-document where it runs.

use policy_docker::asker::Asker;
use policy_shell::resolve::{Command, Word, placeholder_index};
use policy_text::embedded::Embedded;
use policy_text::value::Text;
use policy_text::value::alternatives::Alternatives;
use policy_text::yaml;

use super::find;
use super::placeholders::filled;
use super::row::Effect;
use crate::compose;
use crate::documents::{chart_values, manifest};
use crate::model::image::{ImageRole, ImageUse};

/// The images in a compose file or a manifest that `command` writes or applies.
pub(crate) fn images(command: &Command) -> Vec<ImageUse> {
    let Some(document) = command.document() else { return Vec::new() };
    let named = || command.words.iter().chain(&command.output).filter_map(Word::first);
    let applies = || find::call(command).is_some_and(|call| matches!(call.row.does, Effect::Applies));
    let is_yaml = command.piped
        || applies()
        || named().any(|word| matches!(word.known_suffix().rsplit_once('.'), Some((_, "yml" | "yaml"))));
    if is_yaml { images_of(&document.text, &document.placeholders) } else { Vec::new() }
}

/// The images in a task definition that `command` writes.
pub(super) fn task_definition(command: &Command) -> Vec<ImageUse> {
    let Some(document) = command.document() else { return Vec::new() };
    if !document.text.as_str().contains("containerDefinitions") {
        return Vec::new();
    }
    // JSON is YAML.
    let (yaml, _) = yaml::parse_tree(&document.text);
    let listed = yaml.root().and_then(|root| root.get("containerDefinitions"));
    let images = listed.into_iter().flat_map(yaml::Node::items).filter_map(|container| {
        let (image, name) = (container.get("image")?, container.get("name").and_then(yaml::Node::as_str));
        let name = name.unwrap_or("…").to_owned();
        let user = Asker::Container { name, of: Box::new(Asker::TaskDefinition) };
        let reference = Text::literal(image.as_str()?, image.span());
        Some(ImageUse { reference, at: image.span(), role: ImageRole::Deployed, user, caveat: None })
    });
    with_values(images, &document.placeholders)
}

/// The images of a text that is the values of a chart.
pub(crate) fn images_of_chart(text: &Embedded, placeholders: &[Alternatives]) -> Vec<ImageUse> {
    let (yaml, _) = yaml::parse_tree(text);
    with_values(chart_values::images(&yaml, None, ImageRole::Deployed), placeholders)
}

/// The images of a text that is a compose file or a manifest.
pub(crate) fn images_of(text: &Embedded, placeholders: &[Alternatives]) -> Vec<ImageUse> {
    let starts_line = |word: &str| text.as_str().lines().any(|line| line.starts_with(word));
    let read: fn(&yaml::Yaml) -> Vec<ImageUse> = if starts_line("services:") {
        |yaml| compose::images_written(yaml).collect()
    } else if starts_line("apiVersion:") {
        manifest::images
    } else {
        return Vec::new();
    };
    let (yaml, _) = yaml::parse_tree(text);
    with_values(read(&yaml), placeholders)
}

/// The images with what the shell puts into their references.
fn with_values(images: impl IntoIterator<Item = ImageUse>, placeholders: &[Alternatives]) -> Vec<ImageUse> {
    let images = images.into_iter().flat_map(|image| {
        let references = filled(&image.reference, placeholders);
        let image = ImageUse { user: without_placeholders(image.user.clone()), ..image };
        references.into_iter().map(move |reference| ImageUse { reference, ..image.clone() })
    });
    images.collect()
}

/// What a document names, where parts of the names are only known where the script runs.
fn without_placeholders(user: Asker) -> Asker {
    let shown = |name: String| -> String {
        name.chars().map(|c| if placeholder_index(c).is_some() { '…' } else { c }).collect()
    };
    match user {
        Asker::Service(name) => Asker::Service(shown(name)),
        Asker::Resource(name) => Asker::Resource(shown(name)),
        Asker::Container { name, of } => {
            Asker::Container { name: shown(name), of: Box::new(without_placeholders(*of)) }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_shell::parse as shell;
    use policy_shell::resolve::State;
    use policy_text::source::FileId;

    use super::*;
    use crate::commands::{Caller, carry_out};
    use crate::found::Found;

    fn images(script: &str, caller: &Caller<'_>) -> Vec<(ImageRole, String)> {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut found = Found::default();
        carry_out(&script, State::default(), caller, &mut found);
        found.images.iter().map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[track_caller]
    fn assert_deployed(script: &str, expected: &[&str]) {
        let found = images(script, &Caller::of_a_pipeline(&Asker::Command("deploy")));
        let deployed: Vec<&str> = found
            .iter()
            .filter(|(role, _)| matches!(role, ImageRole::Deployed | ImageRole::Pulled))
            .map(|(_, reference)| reference.as_str())
            .collect();
        assert_eq!(deployed, expected, "{script}");
    }

    #[test]
    fn what_runs_on_another_machine_is_deployed() {
        for script in [
            "ssh -i k -o A=b u@h \"docker pull a/w:latest && echo x\"\n",
            "ssh u@h docker run -d a/w:latest\n",
            "sshpass -p x ssh u@h 'docker run -d a/w:latest'\n",
            "ssh u@h <<'EOF'\ndocker run -d a/w:latest\nEOF\n",
            "ssh u@h bash -s <<EOF\ndocker run -d a/w:latest\nEOF\n",
            "gcloud compute ssh vm --command='docker run -d a/w:latest'\n",
            "aws ssm send-command --parameters 'commands=[\"cd /x\",\"docker run -d a/w:latest\"]'\n",
            "ssh u@h \"cat > docker-compose.yml <<E\nservices:\n  w:\n    image: a/w:latest\nE\n\"\n",
        ] {
            assert_deployed(script, &["a/w:latest"]);
        }
        assert_deployed("docker run -d a/w:latest\nbash -c 'docker run -d a/w:latest'\n", &[]);
        assert_deployed("ssh u@h 'echo docker pull a/w:latest'\nscp docker u@h:x\n", &[]);
    }

    #[test]
    fn each_shell_puts_its_own_variables_in() {
        let script = "T=latest\nssh u@h \"T=2; docker run -d a/w:$T; docker run -d a/v:\\$T\"\n";
        assert_deployed(script, &["a/w:latest", "a/v:2"]);
    }

    #[test]
    fn files_that_a_deployment_writes_are_read() {
        let caller = Caller::deploying(&Asker::Command("deploy"));
        let deployed =
            |script: &str| images(script, &caller).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        let compose = "T=latest\ncat > c.yml <<EOF\nservices:\n  w:\n    image: a/w:$T\n  v:\n    image: a/v:\\${T:-1}\nEOF\n";
        assert_eq!(deployed(compose), ["a/w:latest", "a/v:1"]);
        let piped = "cat <<EOF | sudo tee /opt/c.yml\nservices:\n  w:\n    image: a/w\nEOF\n";
        assert_eq!(deployed(piped), ["a/w"]);
        let script = "cat > run.sh <<'EOF'\n#!/bin/bash\ndocker run -d a/w\nEOF\n";
        assert_eq!(deployed(script), ["a/w"]);
        let manifest = "kubectl apply -f - <<EOF\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: w, image: a/w}]}\nEOF\n";
        assert_eq!(deployed(manifest), ["a/w"]);
        assert!(deployed("cat > README.md <<'EOF'\ndocker run -d a/w\nEOF\n").is_empty());
    }

    #[test]
    fn what_only_the_script_names_is_left_out_of_messages() {
        let script = indoc! {"
            kubectl apply -f - <<EOF
            apiVersion: v1
            kind: Pod
            metadata: {name: $NAME-web}
            spec: {containers: [{name: web, image: a/w}]}
            EOF
        "};
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let mut found = Found::default();
        carry_out(&script, State::default(), &Caller::deploying(&Asker::Command("deploy")), &mut found);
        assert_eq!(found.images[0].user.to_string(), "container `web` of `…-web`");
    }

    #[test]
    fn a_task_definition_that_is_written_and_registered_is_deployed() {
        let written = indoc! {r#"
            T=latest
            cat > task.json <<EOF
            {"family": "web", "containerDefinitions": [{"name": "web", "image": "a/web:$T"}]}
            EOF
        "#};
        assert_deployed(written, &[]);
        let registered =
            format!("{written}aws ecs register-task-definition --cli-input-json file://task.json\n");
        assert_deployed(&registered, &["a/web:latest"]);
    }

    #[test]
    fn scripts_in_scripts_end() {
        let mut script = "docker run -d a/w".to_owned();
        for level in 0..8 {
            script = format!("cat > x.sh <<'E{level}'\n#!/bin/sh\n{script}\nE{level}");
        }
        assert!(images(&format!("{script}\n"), &Caller::deploying(&Asker::Command("deploy"))).is_empty());
    }
}
