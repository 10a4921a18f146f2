//! What commands do with images: `docker build`, `push`, `tag`, `run` and their kin.

mod compose;
mod deploys;
mod flags;
mod made;
mod placeholders;
pub(super) mod terraform_variable;
pub(super) mod written;

pub(super) use flags::without_wrappers;
pub(super) use placeholders::with_placeholders;

use std::collections::BTreeMap;

use super::build::{BuildRequest, NamedContexts};
use super::delivery::Delivery;
use super::image::ImageRole;
use crate::parse::embedded::Embedded;
use crate::parse::shell::{self, Script};
use crate::resolve::shell::{Command, Run, State, Word, run};
use crate::resolve::{Text, Unresolved};
use flags::Arguments;

/// Who runs the commands.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    /// For messages: "step `Build`", "the script".
    name: &'a str,
    /// What an image is to it that a command pulls or runs.
    runs: ImageRole,
    /// Whether the cluster that it talks to serves users, as far as anybody can tell.
    deploys: bool,
}

impl<'a> Caller<'a> {
    /// One whose commands run where they serve users.
    pub(super) fn deploying(name: &'a str) -> Self {
        Self { name, runs: ImageRole::Deployed, deploys: true }
    }

    /// One whose own containers are tools.
    pub(super) fn of_a_pipeline(name: &'a str) -> Self {
        Self { name, runs: ImageRole::Development, deploys: true }
    }

    /// One that people call by hand, with a cluster of their own.
    pub(super) fn of_a_developer(name: &'a str) -> Self {
        Self { deploys: false, ..Self::of_a_pipeline(name) }
    }
}

/// Reads shell text that a caller runs, starting from `state`. Text that is no valid shell is the pipeline's to refuse,
/// or written for another one.
pub(super) fn collect_from_text(text: Embedded, state: State, caller: &Caller<'_>, delivery: &mut Delivery) {
    if !shell::mentions_images(text.as_str()) {
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
    delivery: &mut Delivery,
) -> Vec<Command> {
    let Run { commands, cut_off } = run(script, state);
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
fn collect(commands: &[Command], caller: &Caller<'_>, delivery: &mut Delivery) {
    for command in commands {
        // What is sent to another machine is run there to stay.
        let runs = if command.remote { ImageRole::Deployed } else { caller.runs };
        let caller = &Caller { runs, ..*caller };
        if runs == ImageRole::Deployed {
            delivery.images_once(written::images(command));
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
            "docker-compose" | "podman-compose" => compose::read(command, rest, caller, delivery),
            "executor" => kaniko(command, rest, caller, delivery),
            "skopeo" | "crane" if says(rest, 0, &["copy", "cp"]) => copy(rest, caller, delivery),
            "kubectl" if says(rest, 0, &["set"]) && says(rest, 1, &["image"]) => set_image(rest, delivery),
            "terraform" | "tofu" => terraform_variable::of_command(rest, caller.name, delivery),
            _ => deploys::read(program, rest, caller, delivery),
        }
    }
}

fn says(words: &[Word], index: usize, names: &[&str]) -> bool {
    words.get(index).and_then(Word::known).is_some_and(|word| names.contains(&&*word))
}

fn docker(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    let words = flags::after_global_flags(words);
    let grouped = says(words, 0, &["image", "container", "buildx", "builder"]);
    let words = if grouped { words.get(1..).unwrap_or_default() } else { words };
    let Some((verb, rest)) = words.split_first() else { return };
    match verb.known().as_deref() {
        Some("build" | "bud" | "b") => build(command, rest, caller, delivery),
        Some("compose") => compose::read(command, rest, caller, delivery),
        Some("push") => {
            let arguments = Arguments::parse(rest, flags::PUSH);
            // All tags of a name: which those are is decided elsewhere.
            let names_one = !arguments.has(&["-a", "--all-tags"]);
            if let Some(word) = arguments.positional.first().filter(|_| names_one) {
                add(word, ImageRole::Pushed, caller, delivery);
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
                add(word, role, caller, delivery);
            }
        }
        Some("run" | "create") => run_container(rest, caller, delivery),
        Some("bake") => {
            delivery.bakes_for_registry |= Arguments::parse(rest, flags::BUILD).has(&["--push"]);
        }
        Some("imagetools") if says(rest, 0, &["create"]) => {
            for word in Arguments::parse(rest, flags::BUILD).values(&["-t", "--tag"]) {
                add(&word, ImageRole::Pushed, caller, delivery);
            }
        }
        _ => {}
    }
}

fn add(word: &Word, role: ImageRole, caller: &Caller<'_>, delivery: &mut Delivery) {
    for value in &word.values {
        delivery.image(value, word.at, role, caller.name);
    }
}

fn run_container(words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    let arguments = Arguments::parse(words, flags::RUN);
    // A container that is thrown away when it ends is a tool of the script, not what it deploys.
    let role = if arguments.has(&["--rm"]) { ImageRole::Development } else { caller.runs };
    let Some(word) = arguments.positional.first() else { return };
    // What was pulled just before is named there.
    let pulled = |value: &Text| {
        let mut images = delivery.images.iter().filter(|image| image.role == ImageRole::Pulled);
        images.any(|image| image.user == caller.name && image.reference.to_string() == value.to_string())
    };
    if !word.values.iter().all(pulled) {
        add(word, role, caller, delivery);
    }
}

fn build(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    let arguments = Arguments::parse(words, flags::BUILD);
    let pushes = arguments.has(&["--push"])
        || arguments.values(&["-o", "--output"]).iter().any(|word| {
            word.known().is_some_and(|word| word.contains("push=true") || word.contains("type=registry"))
        });
    for word in arguments.values(&["-t", "--tag"]) {
        add(&word, ImageRole::Built, caller, delivery);
        if pushes {
            add(&word, ImageRole::Pushed, caller, delivery);
        }
    }
    let Some(context) = arguments.positional.last() else { return };
    if let Some(request) = request(command, context, &arguments, caller) {
        delivery.build(request);
    }
}

/// `/kaniko/executor --context dir --dockerfile path --destination image` builds and pushes.
fn kaniko(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    let arguments = Arguments::parse(words, flags::KANIKO);
    for word in arguments.values(&["-d", "--destination"]) {
        add(&word, ImageRole::Built, caller, delivery);
        if !arguments.has(&["--no-push"]) {
            add(&word, ImageRole::Pushed, caller, delivery);
        }
    }
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| {
        let text = word.first().filter(|_| word.values.len() == 1)?;
        let local = text.known_prefix().starts_with("dir://");
        place.resolve(&if local { text.split_at("dir://".len()).1 } else { text.clone() })
    };
    let context = arguments.values(&["-c", "--context"]).pop();
    let Some(context) = context.map_or_else(|| command.folder.clone(), |word| path(&word)) else { return };
    let dockerfile = match arguments.values(&["-f", "--dockerfile"]).pop() {
        Some(word) => match path(&word) {
            Some(path) => Some(path),
            None => return,
        },
        None => None,
    };
    delivery.build(BuildRequest {
        context,
        dockerfile: dockerfile.into(),
        target: arguments
            .values(&["--target"])
            .pop()
            .and_then(|word| word.known().map(std::borrow::Cow::into_owned)),
        args: build_arguments(&arguments),
        named_contexts: BTreeMap::new(),
        at: command.at,
        by: format!("kaniko of {}", caller.name),
    });
}

/// The build, where its folder and its Dockerfile are known.
fn request(
    command: &Command,
    context: &Word,
    arguments: &Arguments<'_>,
    caller: &Caller<'_>,
) -> Option<BuildRequest> {
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| place.resolve(word.first().filter(|_| word.values.len() == 1)?);
    let text = context.known()?;
    if text == "-" || text.contains("://") || text.starts_with("git@") {
        return None;
    }
    let file = arguments.values(&["-f", "--file"]).pop();
    let dockerfile = match &file {
        // `-f -` reads the Dockerfile from standard input.
        Some(word) if word.known().as_deref() == Some("-") => return None,
        Some(word) => Some(path(word)?),
        None => None,
    };
    Some(BuildRequest {
        context: path(context)?,
        dockerfile: dockerfile.into(),
        target: arguments
            .values(&["--target"])
            .pop()
            .and_then(|word| word.known().map(std::borrow::Cow::into_owned)),
        args: build_arguments(arguments),
        named_contexts: named_contexts(arguments, &place),
        at: command.at,
        by: format!("`docker build` of {}", caller.name),
    })
}

fn build_arguments(arguments: &Arguments<'_>) -> BTreeMap<String, Text> {
    let pairs = arguments.values(&["--build-arg"]).into_iter().filter_map(|word| {
        let (name, value) = word.first()?.split_once('=')?;
        Some((name.known()?.into_owned(), value))
    });
    pairs.collect()
}

/// What each `--build-context name=place` names.
fn named_contexts(arguments: &Arguments<'_>, place: &State) -> NamedContexts {
    let pairs = arguments.values(&["--build-context"]).into_iter().filter_map(|word| {
        let value = word.first()?;
        let name = value.known_prefix().split_once('=')?.0.to_owned();
        let written = value.split_at(name.len() + 1).1;
        let is_local = word.values.len() == 1 && !written.known_prefix().contains(':');
        let folder = if is_local { place.resolve(&written) } else { None };
        Some((name, folder))
    });
    pairs.collect()
}

/// `skopeo copy docker://a docker://b`, `crane copy a b`: the last is pushed to.
fn copy(words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    let Some(target) = words.last() else { return };
    for value in &target.values {
        let scheme = value.known_prefix().starts_with("docker://");
        let reference = if scheme { value.split_at("docker://".len()).1 } else { value.clone() };
        delivery.image(&reference, target.at, ImageRole::Pushed, caller.name);
    }
}

/// `kubectl set image deployment/web web=repo/web:tag`.
fn set_image(words: &[Word], delivery: &mut Delivery) {
    for word in words.iter().skip(2) {
        for value in &word.values {
            if value.known_prefix().starts_with('-') {
                continue;
            }
            if let Some((_, reference)) = value.split_once('=') {
                delivery.image(&reference, word.at, ImageRole::Deployed, "`kubectl set image`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, RepoPath};

    fn delivery(script: &str) -> Delivery {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let state = State::starting_in(Some(RepoPath::root()), None);
        let mut delivery = Delivery::default();
        let caller = Caller::deploying("the script");
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
    fn what_is_pulled_and_run_is_named_once() {
        use ImageRole::{Deployed, Pulled};
        assert_eq!(
            images("docker pull a/w:latest\ndocker run -d a/w:latest\ndocker run -d a/v\n"),
            [(Pulled, "a/w:latest".into()), (Deployed, "a/v".into())]
        );
    }

    #[test]
    fn a_push_of_all_tags_names_none() {
        assert_eq!(images("docker push --all-tags web\ndocker push -a web\n"), []);
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

    #[test]
    fn kaniko_builds_and_pushes() {
        let found = delivery(
            "/kaniko/executor --context $CI_PROJECT_DIR/app --dockerfile $CI_PROJECT_DIR/app/web.Dockerfile --destination r.io/web:latest\n",
        );
        assert_eq!(found.builds[0].context.as_str(), "app");
        assert_eq!(found.builds[0].dockerfile.path().unwrap().as_str(), "app/web.Dockerfile");
        let pushed = found.images.iter().find(|image| image.role == ImageRole::Pushed).unwrap();
        assert_eq!(pushed.reference.to_string(), "r.io/web:latest");
    }

    #[test]
    fn builds_are_placed_in_their_folder() {
        let found = delivery(
            "cd app\ndocker build -f ../docker/web.Dockerfile --target prod --build-arg V=1 -t w .\n",
        )
        .builds;
        let build = &found[0];
        assert_eq!((build.context.as_str(), build.target.as_deref()), ("app", Some("prod")));
        assert_eq!(build.dockerfile.path().unwrap().as_str(), "docker/web.Dockerfile");
        assert_eq!(build.args.get("V").unwrap().known().as_deref(), Some("1"));
        let nowhere = "docker build - < x\ndocker build https://example.com/a.git\ndocker build $DIR\ndocker build -f - .\n";
        assert!(delivery(nowhere).builds.is_empty());
    }
}
