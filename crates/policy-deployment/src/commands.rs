//! What commands do with images: `docker build`, `push`, `tag`, `run` and their kin.
//!
//! `table` has a row for each. A script is read where `look` finds the name and the verb of one in it; `find` tells
//! which row a command is of.

mod asks;
mod build;
mod caller;
mod compose;
mod containers;
mod deploys;
mod ecs;
mod effect;
mod example;
mod examples;
mod find;
mod flags;
mod given_image;
mod json;
mod local_cluster;
mod look;
mod made;
mod placeholders;
mod registry;
mod row;
mod table;
pub(crate) mod terraform_variable;
mod tools;
mod valued;
pub(crate) mod written;

pub(crate) use asks::asks_in;
pub(crate) use caller::Caller;
pub(crate) use effect::Key;
pub use example::{Files, Shows};
pub use examples::{Example, examples};
pub(crate) use find::{Rewrites, rewrites};
pub(crate) use flags::without_wrappers;
pub(crate) use look::named_in;
pub(crate) use look::{clones_in, named_in_script, signs_of_new_tasks, starts_cluster_in};
pub(crate) use placeholders::{substituted, with_placeholders};

use std::cell::LazyCell;

use policy_shell::parse::{self as shell, Script};
use policy_shell::resolve::{Command, Failure, Run, State, run_within};
use policy_text::Unresolved;
use policy_text::embedded::Embedded;

use crate::found::Found;
use crate::model::ecs_call::EcsCall;
use crate::model::image::{Caveat, ImageRole};
use row::{Call, Effect};

/// Reads shell text that a caller runs, starting from `state`. Text that is no valid shell is the pipeline's to refuse,
/// or written for another one.
pub(super) fn collect_from_text(text: Embedded, state: State, caller: &Caller<'_>, found: &mut Found) {
    if !named_in_script(&text, &state) {
        return;
    }
    if let Ok(script) = shell::read(text) {
        carry_out(&script, state, caller, found);
    }
}

/// Simulates a script, adds what its commands do to `found`, and returns the commands.
pub(super) fn carry_out(
    script: &Script,
    state: State,
    caller: &Caller<'_>,
    found: &mut Found,
) -> Vec<Command> {
    let length = script.text.as_str().len();
    let Run { commands, cut_off, steps, .. } = run_within(script, state, found.turns.allow(length));
    found.turns.add(steps, length);
    if cut_off {
        found.unresolved.push(Unresolved {
            at: script.start(),
            what: format!("what {} does with images", caller.name),
            why: "it runs too many commands to follow all of them".into(),
            needed_by: None,
        });
    }
    collect(&commands, caller, found);
    commands
}

/// Adds what the commands do.
pub(super) fn collect(commands: &[Command], caller: &Caller<'_>, found: &mut Found) {
    let calls: Vec<Option<Call<'_>>> = commands.iter().map(find::call).collect();
    let known = || calls.iter().flatten();
    let tools = tools::names(known());
    let local_cluster = caller.local_cluster
        || known().any(local_cluster::is_meant)
        || commands.iter().any(|command| local_cluster::is_chosen_by(&command.words));
    let of_ecs: Vec<Option<EcsCall>> = commands
        .iter()
        .zip(&calls)
        .map(|(command, call)| ecs::call(command, call.as_ref(), caller))
        .collect();
    found.given_images.extend(given_image::all_of(commands.iter().zip(of_ecs.iter().map(Option::as_ref))));
    found.ecs_calls.extend(of_ecs.into_iter().flatten());
    let renews_tasks = LazyCell::new(|| commands.iter().any(find::renews_task));
    for (command, call) in commands.iter().zip(&calls) {
        // What is sent to another machine is run there to stay.
        let runs = if command.remote { ImageRole::Deployed } else { caller.runs };
        let guard = (command.failure == Failure::Expected).then_some(command.at);
        let caller = &Caller { runs, guard, tools: &tools, ..*caller };
        if runs == ImageRole::Deployed {
            found.images_once(written::images(command));
        }
        let of_task = written::task_definition(command);
        if !of_task.is_empty() && (runs == ImageRole::Deployed || *renews_tasks) {
            found.images_once(of_task);
        }
        if !command.remote {
            found.made.extend(made::paths(command, call.as_ref()));
            found.outside_requests.extend(asks::requests(command));
        }
        match call {
            Some(call) if !(call.row.program.talks_to_cluster && local_cluster) => {
                carry_out_call(call, caller, found);
            }
            _ => {}
        }
    }
}

/// Adds what one command does.
fn carry_out_call(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    match &call.row.does {
        Effect::Builds(build) => build.read(call, caller, found),
        Effect::Deploys(flags) | Effect::RenewsTask { images: flags, .. } => {
            deploys::read(flags, call, None, caller, found);
        }
        Effect::DeploysNow(flags) => deploys::read(flags, call, Some(&Caveat::LookedUpOnce), caller, found),
        Effect::DeploysToCluster(flags) if caller.deploys => deploys::read(flags, call, None, caller, found),
        Effect::SetsImages => deploys::set_images(call, found),
        Effect::EditsImages if caller.deploys => deploys::edit_images(call, caller, found),
        Effect::Runs { starts } => containers::run(*starts, call, caller, found),
        Effect::Does(read) => read(call, caller, found),
        Effect::DeploysToCluster(_)
        | Effect::EditsImages
        | Effect::Applies
        | Effect::Gives
        | Effect::CallsEcs(_)
        | Effect::Pins
        | Effect::Makes(_)
        | Effect::StartsCluster
        | Effect::ChoosesCluster => {}
    }
}

#[cfg(test)]
mod tests {
    use indoc::indoc;
    use policy_docker::asker::Asker;
    use policy_text::source::{FileId, RepoPath};

    use super::*;

    pub(super) fn found_by(script: &str) -> Found {
        let script = shell::read(Embedded::whole(FileId(0), script)).unwrap();
        let state = State::starting_in(Some(RepoPath::root()), None);
        let mut found = Found::default();
        let caller = Caller::deploying(&Asker::Command("deploy"));
        carry_out(&script, state, &caller, &mut found);
        found
    }

    fn images(script: &str) -> Vec<(ImageRole, String)> {
        found_by(script).images.iter().map(|image| (image.role, image.reference.to_string())).collect()
    }

    #[test]
    fn commands_whose_output_is_put_in_are_run_too() {
        use ImageRole::{Deployed, Pushed};
        let script = indoc! {r#"
            ID=$(docker run -d a/one:latest)
            OUT="$(docker pull a/two:latest)"
            echo "pushed $(docker push a/three:latest)"
            C=`docker push a/four:latest`
            V=$(docker run --rm php:8.2 php -v)
        "#};
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
