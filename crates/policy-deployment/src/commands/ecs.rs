//! Commands of ECS and ECR, with the names that they give.

use std::borrow::Cow;

use policy_shell::resolve::{Command, Failure, Word};

use policy_text::value::{Origin, Text};

use super::caller::Caller;
use super::effect::EcsCommand;
use super::json::{strings_in, strings_named};
use super::row::Call;
use crate::model::ecs_call::{EcsCall, EcsVerb, Named, NamedKind};

/// The file by which a pipeline of AWS is told which containers get which images.
const IMAGE_DEFINITIONS: &str = "imagedefinitions.json";

/// The call that a command is; `known` is what the table says of it.
pub(super) fn call(command: &Command, known: Option<&Call<'_>>, caller: &Caller<'_>) -> Option<EcsCall> {
    let (verb, names, region) = match image_definitions(command) {
        Some(names) => (EcsVerb::Render, names, None),
        None => of_row(known?)?,
    };
    Some(EcsCall {
        verb,
        names,
        at: command.at,
        by: caller.name.clone(),
        region,
        may_fail: command.failure == Failure::Expected,
    })
}

/// What a call that its row knows does, what it names, and the region that it is told.
fn of_row(Call { command, row, arguments, .. }: &Call<'_>) -> Option<(EcsVerb, Vec<Named>, Option<String>)> {
    let EcsCommand { does, flags } = row.does.ecs()?;
    let mut names: Vec<Named> = Vec::new();
    for (flag, kind) in *flags {
        names.extend(arguments.values(&[flag]).iter().filter_map(|word| named(*kind, word)));
        // `--services` takes all words up to the next flag.
        if *flag == "--services" {
            names.extend(arguments.positional.iter().filter_map(|word| named(*kind, word)));
        }
    }
    let makes_task = *does == EcsVerb::Make && flags.iter().any(|(_, kind)| *kind == NamedKind::Family);
    if makes_task && names.is_empty() {
        let name = Text::hole(Origin::Other("the file that is registered has it".into()), command.at);
        names.push(Named { kind: NamedKind::Family, name, at: command.at });
    }
    for word in arguments.values(&["--overrides"]) {
        let texts =
            word.values.iter().take(1).flat_map(|text| strings_in("containerOverrides", "name", text));
        names.extend(texts.map(|name| Named { kind: NamedKind::Container, name, at: word.at }));
    }
    let verb = match does {
        EcsVerb::Update { .. } => EcsVerb::Update {
            deploys: arguments.has(&["--force-new-deployment", "--task-definition"])
                && arguments
                    .values(&["--desired-count"])
                    .iter()
                    .all(|count| count.known().as_deref() != Some("0")),
        },
        verb => *verb,
    };
    let regions = arguments.values(&["--region"]);
    Some((verb, names, regions.first().and_then(Word::known).map(Cow::into_owned)))
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
