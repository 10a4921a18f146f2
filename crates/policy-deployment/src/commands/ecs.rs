//! Commands of ECS and ECR, with the names that they give.

use std::borrow::Cow;

use policy_shell::resolve::{Command, Failure, Word};

use policy_text::value::{Origin, Text};

use super::caller::Caller;
use super::flags::{Arguments, without_wrappers};
use super::json::{strings_in, strings_named};
use super::valued;
use crate::model::ecs_call::{EcsCall, EcsVerb, Named, NamedKind};

/// The file by which a pipeline of AWS is told which containers get which images.
const IMAGE_DEFINITIONS: &str = "imagedefinitions.json";

/// A command and the flags that name something.
struct Form {
    service: &'static str,
    verb: &'static str,
    does: EcsVerb,
    names: &'static [(&'static str, NamedKind)],
}

const CLUSTER: (&str, NamedKind) = ("--cluster", NamedKind::Cluster);
const SERVICE: (&str, NamedKind) = ("--service", NamedKind::Service);
const SERVICES: (&str, NamedKind) = ("--services", NamedKind::Service);
const FAMILY: (&str, NamedKind) = ("--task-definition", NamedKind::Family);

const FORMS: [Form; 11] = [
    Form {
        service: "ecs",
        verb: "update-service",
        does: EcsVerb::Update { deploys: false },
        names: &[CLUSTER, SERVICE, FAMILY],
    },
    Form { service: "ecs", verb: "wait", does: EcsVerb::Wait, names: &[CLUSTER, SERVICES] },
    Form { service: "ecs", verb: "describe-services", does: EcsVerb::Ask, names: &[CLUSTER, SERVICES] },
    Form { service: "ecs", verb: "list-tasks", does: EcsVerb::Ask, names: &[CLUSTER] },
    Form { service: "ecs", verb: "describe-tasks", does: EcsVerb::Ask, names: &[CLUSTER] },
    Form { service: "ecs", verb: "run-task", does: EcsVerb::Run, names: &[CLUSTER, FAMILY] },
    Form { service: "ecs", verb: "describe-task-definition", does: EcsVerb::Read, names: &[FAMILY] },
    Form {
        service: "ecs",
        verb: "create-service",
        does: EcsVerb::Make,
        names: &[("--service-name", NamedKind::Service)],
    },
    Form {
        service: "ecs",
        verb: "create-cluster",
        does: EcsVerb::Make,
        names: &[("--cluster-name", NamedKind::Cluster)],
    },
    Form {
        service: "ecs",
        verb: "register-task-definition",
        does: EcsVerb::Make,
        names: &[("--family", NamedKind::Family)],
    },
    Form {
        service: "ecr",
        verb: "create-repository",
        does: EcsVerb::Make,
        names: &[("--repository-name", NamedKind::Repository)],
    },
];

/// Further flags that take the next word.
const VALUED: [&str; 8] = [
    "--desired-count",
    "--launch-type",
    "--count",
    "--network-configuration",
    "--overrides",
    "--cli-input-json",
    "--deployment-configuration",
    "--platform-version",
];

/// The call that a command is.
pub(super) fn call(command: &Command, caller: &Caller<'_>) -> Option<EcsCall> {
    let call = |verb: EcsVerb, names: Vec<Named>, region: Option<String>| EcsCall {
        verb,
        names,
        at: command.at,
        by: caller.name.clone(),
        region,
        may_fail: command.failure == Failure::Expected,
    };
    if let Some(names) = image_definitions(command) {
        return Some(call(EcsVerb::Render, names, None));
    }
    let (program, words) = without_wrappers(&command.words).split_first()?;
    if program.known().as_deref() != Some("aws") {
        return None;
    }
    let mut valued: Vec<&str> = valued::AWS.iter().chain(&VALUED).copied().collect();
    valued.extend(FORMS.iter().flat_map(|form| form.names).map(|(flag, _)| *flag));
    let arguments = Arguments::parse(words, |flag| valued.contains(&flag));
    let said = |index: usize| arguments.positional.get(index).and_then(|word| word.known());
    let form = FORMS
        .iter()
        .find(|form| said(0).as_deref() == Some(form.service) && said(1).as_deref() == Some(form.verb))?;
    let mut names: Vec<Named> = Vec::new();
    for (flag, kind) in form.names {
        names.extend(arguments.values(&[flag]).iter().filter_map(|word| named(*kind, word)));
    }
    if form.verb == "register-task-definition" && names.is_empty() {
        let name = Text::hole(Origin::Other("the file that is registered has it".into()), command.at);
        names.push(Named { kind: NamedKind::Family, name, at: command.at });
    }
    for word in arguments.values(&["--overrides"]) {
        let texts =
            word.values.iter().take(1).flat_map(|text| strings_in("containerOverrides", "name", text));
        names.extend(texts.map(|name| Named { kind: NamedKind::Container, name, at: word.at }));
    }
    // `--services` takes all words up to the next flag.
    let behind = if form.verb == "wait" { 3 } else { 2 };
    if form.names.contains(&SERVICES) {
        let more = arguments.positional.iter().skip(behind);
        names.extend(more.filter_map(|word| named(NamedKind::Service, word)));
    }
    let verb = match form.does {
        EcsVerb::Update { .. } => EcsVerb::Update {
            deploys: arguments.has(&["--force-new-deployment", "--task-definition"])
                && arguments
                    .values(&["--desired-count"])
                    .iter()
                    .all(|count| count.known().as_deref() != Some("0")),
        },
        EcsVerb::Wait if !said(2).is_some_and(|what| what.starts_with("services-")) => return None,
        verb => verb,
    };
    let regions = arguments.values(&["--region"]);
    let region = regions.first().and_then(Word::known).map(Cow::into_owned);
    Some(call(verb, names, region))
}

/// The name that a word is, where it has one value.
fn named(kind: NamedKind, word: &Word) -> Option<Named> {
    let [name] = word.values.as_slice() else { return None };
    Some(Named { kind, name: name.clone(), at: word.at })
}

/// The containers in what a command writes into that file.
fn image_definitions(command: &Command) -> Option<Vec<Named>> {
    let output = command.output.as_ref()?.first()?.known_suffix();
    if !output.ends_with(IMAGE_DEFINITIONS) {
        return None;
    }
    let texts = command.words.iter().skip(1).filter_map(Word::first);
    let names = texts.flat_map(|text| strings_named("name", text));
    Some(names.map(|name| Named { kind: NamedKind::Container, name, at: command.at }).collect())
}
