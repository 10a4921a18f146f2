//! What commands do with images: `docker build`, `push`, `tag`, `run` and their kin.

mod build;
mod compose;
mod deploys;
mod flags;
mod local_cluster;
mod made;
mod placeholders;
mod registry;
pub(super) mod terraform_variable;
mod tools;
pub(super) mod written;

pub(super) use flags::without_wrappers;
pub(super) use local_cluster::names_program;
pub(super) use placeholders::{substituted, with_placeholders};

use policy_docker::asker::Asker;
use policy_docker::image::Reference;
use policy_shell::parse as shell;
use policy_shell::parse::Script;
use policy_shell::resolve::{Command, Run, State, Word, run};
use policy_text::Unresolved;
use policy_text::embedded::Embedded;
use policy_text::value::Text;

use crate::found::Found;
use crate::model::image::{ImageRole, ImageUse};
use flags::Arguments;

/// Who runs the commands.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    /// Who it is.
    name: &'a Asker,
    /// What an image is to it that a command pulls or runs.
    runs: ImageRole,
    /// Whether the cluster that it talks to serves users, as far as anybody can tell.
    deploys: bool,
    /// The images that its commands only build from or throw away, as they are written.
    tools: &'a [String],
    /// Whether something before it made a cluster on its own machine.
    local_cluster: bool,
}

impl<'a> Caller<'a> {
    /// One whose commands run where they serve users.
    pub(super) fn deploying(name: &'a Asker) -> Self {
        Self { name, runs: ImageRole::Deployed, deploys: true, tools: &[], local_cluster: false }
    }

    /// One whose own containers are tools.
    pub(super) fn of_a_pipeline(name: &'a Asker) -> Self {
        Self { name, runs: ImageRole::Development, deploys: true, tools: &[], local_cluster: false }
    }

    /// The same, where `local` says whether its cluster is on its own machine.
    pub(super) fn with_local_cluster(self, local: bool) -> Self {
        Self { local_cluster: local, ..self }
    }

    /// One that people call by hand, with a cluster of their own.
    pub(super) fn of_a_developer(name: &'a Asker) -> Self {
        Self { deploys: false, ..Self::of_a_pipeline(name) }
    }
}

/// Reads shell text that a caller runs, starting from `state`. Text that is no valid shell is the pipeline's to refuse,
/// or written for another one.
pub(super) fn collect_from_text(text: Embedded, state: State, caller: &Caller<'_>, delivery: &mut Found) {
    let put_in = |value: &Text| shell::mentions_images(&value.render(' '));
    if !shell::mentions_images(text.as_str()) && !state.placeholders.iter().flatten().any(put_in) {
        return;
    }
    if let Ok(script) = shell::read(text) {
        carry_out(&script, state, caller, delivery);
    }
}

/// Runs a script in thought, adds what its commands do, and gives them.
pub(super) fn carry_out(
    script: &Script,
    state: State,
    caller: &Caller<'_>,
    delivery: &mut Found,
) -> Vec<Command> {
    let Run { commands, cut_off, .. } = run(script, state);
    if cut_off {
        delivery.unresolved.push(Unresolved {
            at: script.start(),
            what: format!("what {} does with images", caller.name),
            why: "it comes to too many commands to be followed to its end".into(),
            family: None,
        });
    }
    collect(&commands, caller, delivery);
    commands
}

/// Adds what the commands do.
pub(super) fn collect(commands: &[Command], caller: &Caller<'_>, delivery: &mut Found) {
    let tools = tools::names(commands);
    let local_cluster = caller.local_cluster || commands.iter().any(local_cluster::is_meant);
    let registers = commands.iter().any(|command| command.says(&["ecs", "register-task-definition"]));
    for command in commands {
        // What is sent to another machine is run there to stay.
        let runs = if command.remote { ImageRole::Deployed } else { caller.runs };
        let caller = &Caller { runs, tools: &tools, ..*caller };
        if runs == ImageRole::Deployed {
            delivery.images_once(written::images(command));
        }
        if registers || runs == ImageRole::Deployed {
            delivery.images_once(written::task_definition(command));
        }
        let words = flags::without_wrappers(&command.words);
        if !command.remote {
            delivery.made.extend(made::paths(command, words));
        }
        let Some((program, rest)) = words.split_first() else { continue };
        let Some(program) = program.known() else { continue };
        let program = program.rsplit('/').next().unwrap_or_default();
        match program {
            "docker" | "podman" | "nerdctl" | "buildah" => docker(command, rest, caller, delivery),
            "executor" => build::kaniko(command, rest, caller, delivery),
            "docker-compose" | "podman-compose" => compose::read(command, rest, caller, delivery),
            "skopeo" | "crane" | "gcrane" | "regctl" => registry::copy(rest, caller, delivery),
            "aws" if says(rest, 0, &["ecr"]) => registry::put_image(rest, caller, delivery),
            "kubectl" | "helm" | "oc" | "nomad" if local_cluster => {}
            "kubectl" | "oc" if says(rest, 0, &["set"]) && says(rest, 1, &["image"]) => {
                set_image(rest, delivery);
            }
            "terraform" | "tofu" => terraform_variable::of_command(rest, caller.name, delivery),
            _ => deploys::read(program, rest, caller, delivery),
        }
    }
}

fn says(words: &[Word], index: usize, names: &[&str]) -> bool {
    words.get(index).and_then(Word::known).is_some_and(|word| names.contains(&&*word))
}

fn docker(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Found) {
    let words = flags::after_global_flags(words);
    let grouped = says(words, 0, &["image", "container", "buildx", "builder"]);
    let words = if grouped { words.get(1..).unwrap_or_default() } else { words };
    let Some((verb, rest)) = words.split_first() else { return };
    match verb.known().as_deref() {
        Some("build" | "bud" | "b") => build::docker(command, rest, caller, delivery),
        Some("compose") => compose::read(command, rest, caller, delivery),
        Some("service") => deploys::swarm_service(rest, caller, delivery),
        Some("push") => {
            let arguments = Arguments::parse(rest, flags::PUSH);
            match arguments.positional.first() {
                Some(word) if arguments.has(&["-a", "--all-tags"]) => push_all_tags(word, caller, delivery),
                Some(word) => add(word, ImageRole::Pushed, caller, delivery),
                None => {}
            }
        }
        Some("tag") => {
            if let Some(word) = Arguments::parse(rest, &[]).positional.get(1) {
                add(word, ImageRole::Built, caller, delivery);
            }
        }
        Some("pull") => {
            let role = if caller.runs == ImageRole::Deployed { ImageRole::Pulled } else { caller.runs };
            for word in Arguments::parse(rest, flags::PULL).positional.into_iter().take(1) {
                let is_tool = word.values.iter().all(|value| caller.tools.contains(&value.to_string()));
                add(word, if is_tool { ImageRole::Development } else { role }, caller, delivery);
            }
        }
        Some("run") => run_container(rest, false, caller, delivery),
        // What is made and never said to stay is there to copy something out of.
        Some("create") => run_container(rest, true, caller, delivery),
        Some("bake") => {
            delivery.bakes_for_registry |= Arguments::parse(rest, flags::BUILD).has(&["--push"]);
        }
        Some("manifest") if says(rest, 0, &["push"]) => {
            if let Some(word) = Arguments::parse(rest, &[]).positional.get(1) {
                add(word, ImageRole::Pushed, caller, delivery);
            }
        }
        Some("imagetools") if says(rest, 0, &["create"]) => {
            for word in Arguments::parse(rest, flags::BUILD).values(&["-t", "--tag"]) {
                add(&word, ImageRole::Pushed, caller, delivery);
            }
        }
        _ => {}
    }
}

fn add(word: &Word, role: ImageRole, caller: &Caller<'_>, delivery: &mut Found) {
    for value in &word.values {
        delivery.image(value, word.at, role, caller.name);
    }
}

/// Every tag that was given to the name before is pushed.
fn push_all_tags(word: &Word, caller: &Caller<'_>, delivery: &mut Found) {
    let names: Vec<String> = word.values.iter().map(ToString::to_string).collect();
    let tagged = |image: &&ImageUse| {
        image.role == ImageRole::Built
            && Reference::parse(&image.reference)
                .is_some_and(|reference| names.contains(&reference.name.to_string()))
    };
    let pushed: Vec<Text> =
        delivery.images.iter().filter(tagged).map(|image| image.reference.clone()).collect();
    for reference in pushed {
        delivery.image(&reference, word.at, ImageRole::Pushed, caller.name);
    }
}

fn run_container(words: &[Word], only_made: bool, caller: &Caller<'_>, delivery: &mut Found) {
    let arguments = Arguments::parse(words, flags::RUN);
    // A container that is thrown away when it ends is a tool of the script, not what it deploys.
    let stays = arguments
        .values(&["--restart"])
        .iter()
        .any(|policy| policy.known().is_some_and(|policy| matches!(&*policy, "always" | "unless-stopped")));
    let role = match caller.runs {
        _ if arguments.has(&["--rm"]) || only_made && !stays => ImageRole::Development,
        ImageRole::Development if stays && caller.deploys => ImageRole::Deployed,
        runs => runs,
    };
    let Some(word) = arguments.positional.first() else { return };
    // What was pulled just before is named there.
    let pulled = |value: &Text| {
        let mut images = delivery.images.iter().filter(|image| image.role == ImageRole::Pulled);
        images.any(|image| image.user == *caller.name && image.reference.to_string() == value.to_string())
    };
    if !word.values.iter().all(pulled) {
        add(word, role, caller, delivery);
    }
}

/// `kubectl set image deployment/web web=repo/web:tag`.
fn set_image(words: &[Word], delivery: &mut Found) {
    for word in words.iter().skip(2) {
        for value in &word.values {
            if value.known_prefix().starts_with('-') {
                continue;
            }
            if let Some((_, reference)) = value.split_once('=') {
                delivery.image(
                    &reference,
                    word.at,
                    ImageRole::Deployed,
                    &Asker::Command("kubectl set image"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_text::source::{FileId, RepoPath};

    use super::*;

    pub(super) fn delivery(script: &str) -> Found {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let state = State::starting_in(Some(RepoPath::root()), None);
        let mut delivery = Found::default();
        let caller = Caller::deploying(&Asker::Pipeline);
        carry_out(&script, state, &caller, &mut delivery);
        delivery
    }

    fn images(script: &str) -> Vec<(ImageRole, String)> {
        delivery(script).images.iter().map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[test]
    fn commands_whose_output_is_put_in_are_run_too() {
        use ImageRole::{Deployed, Pushed};
        let script = "ID=$(docker run -d a/one:latest)\nOUT=\"$(docker pull a/two:latest)\"\necho \"pushed $(docker push a/three:latest)\"\nC=`docker push a/four:latest`\nV=$(docker run --rm php:8.2 php -v)\n";
        let found = images(script);
        assert_eq!(
            found,
            [
                (Deployed, "a/one:latest".into()),
                (ImageRole::Pulled, "a/two:latest".into()),
                (Pushed, "a/three:latest".into()),
                (Pushed, "a/four:latest".into()),
                (ImageRole::Development, "php:8.2".into()),
            ]
        );
    }

    #[test]
    fn pushes_are_told_from_local_names() {
        use ImageRole::{Built, Pushed};
        let script = "docker build -q -t web .\ndocker tag web:latest r.io/web:latest\nsudo docker --config x push -q r.io/web:latest\n";
        assert_eq!(
            images(script),
            [(Built, "web".into()), (Built, "r.io/web:latest".into()), (Pushed, "r.io/web:latest".into())]
        );
        assert_eq!(
            images("docker buildx build --platform linux/amd64 --tag=r.io/a:1 --push .\n"),
            [(Built, "r.io/a:1".into()), (Pushed, "r.io/a:1".into())]
        );
    }

    #[test]
    fn what_is_pulled_to_build_from_or_to_be_thrown_away_is_a_tool() {
        use ImageRole::Development;
        let role = |script: &str| images(script)[0].0;
        for script in [
            "docker pull a/w:latest || true\ndocker build --cache-from a/w:latest -t a/w:1 .\n",
            "docker pull a/w:latest\ndocker run --rm a/w:latest scan\n",
        ] {
            assert_eq!(role(script), Development, "{script}");
        }
        let stays = "docker pull a/w:latest\ndocker run --rm a/w:latest migrate\ndocker run -d a/w:latest\n";
        assert_eq!(role(stays), ImageRole::Pulled);
    }

    #[test]
    fn a_container_that_is_only_made_is_there_to_copy_from() {
        let role = |script: &str| images(script)[0].0;
        assert_eq!(
            role("ID=$(docker create a/tools:latest)\ndocker cp $ID:/out .\n"),
            ImageRole::Development
        );
        assert_eq!(role("docker create --restart always a/w:latest\n"), ImageRole::Deployed);
    }

    #[test]
    fn what_is_pulled_and_run_is_named_once() {
        use ImageRole::{Deployed, Pulled};
        assert_eq!(
            images("docker pull a/w:latest\ndocker run -d a/w:latest\ndocker run -d a/v\n"),
            [(Pulled, "a/w:latest".into()), (Deployed, "a/v".into())]
        );
    }

    #[test]
    fn a_push_of_all_tags_pushes_those_that_were_given_before() {
        use ImageRole::{Built, Pushed};
        assert_eq!(images("docker push --all-tags web\ndocker push -a web\n"), []);
        assert_eq!(
            images("docker tag x r.io/web:latest\ndocker tag x r.io/api:1\ndocker push -a r.io/web\n"),
            [
                (Built, "r.io/web:latest".into()),
                (Built, "r.io/api:1".into()),
                (Pushed, "r.io/web:latest".into())
            ]
        );
    }

    #[test]
    fn programs_that_only_run_another_are_passed_by() {
        for wrapper in ["sudo -u app", "timeout -k 5 60", "nice -n 5", "sudo -E env A=b"] {
            let script = format!("{wrapper} docker push r.io/web:latest\n");
            assert_eq!(images(&script), [(ImageRole::Pushed, "r.io/web:latest".into())], "{wrapper}");
        }
    }

    #[test]
    fn a_program_may_stand_in_a_variable() {
        let script = "DOCKER=${DOCKER:-docker}\n$DOCKER push r.io/web:latest\n";
        assert_eq!(images(script), [(ImageRole::Pushed, "r.io/web:latest".into())]);
    }

    #[test]
    fn a_cluster_on_this_machine_deploys_nothing() {
        let set = "kubectl set image deployment/web web=r.io/web:latest\n";
        assert_eq!(images(set).len(), 1);
        for local in ["kind load docker-image x", "minikube start", "kubectl config use-context kind-dev"] {
            assert_eq!(images(&format!("{local}\n{set}")), [], "{local}");
        }
    }

    #[test]
    fn what_is_echoed_is_not_done() {
        assert_eq!(images("echo \"docker push x:latest\"\n# docker push x\ncat <<E\ndocker push x\nE\n"), []);
    }

    #[test]
    fn run_takes_the_first_word_that_is_no_flag_of_its_own() {
        use ImageRole::{Deployed, Development};
        assert_eq!(
            images("docker run -d --name web -p 80:80 -e A=b --restart=always nginx:latest nginx -g x\n"),
            [(Deployed, "nginx:latest".into())]
        );
        assert_eq!(images("docker run --rm -it -v $PWD:/x alpine sh\n"), [(Development, "alpine".into())]);
    }
}
