//! From the commands that a container comes to, to the process that stays.

use policy_shell::resolve::{Command, Word};
use policy_text::json;
use policy_text::source::Span;
use policy_text::value::Text;

use super::{Surroundings, dotnet, program, spring};
use crate::model::server::Server;
use crate::model::setting::Setting;
use crate::model::task_definition::Words;
use crate::start::{self, Followed, Place};

/// The most scripts of packages that run one another.
const MAX_DEPTH: usize = 4;

/// The process of a container that starts these, or what the image starts where they are not set.
pub(super) fn follow(
    entry_point: &Setting<Words>,
    command: &Setting<Words>,
    surroundings: &Surroundings<'_>,
) -> Option<Server> {
    let words = start::words(entry_point, command, surroundings.stage)?;
    let Surroundings { image, sources, ref environment, .. } = *surroundings;
    let place = Place { layout: &image.stage.layout, environment, sources };
    staying(&start::follow(&words, place), surroundings, place, 0)
}

/// The process that commands end with, where all that they may end with listen alike.
fn staying(
    followed: &Followed,
    surroundings: &Surroundings<'_>,
    place: Place<'_>,
    depth: usize,
) -> Option<Server> {
    if followed.is_partial || followed.runs_beside || depth > MAX_DEPTH {
        return None;
    }
    let mut found: Option<Server> = None;
    let mut stays = false;
    for command in &followed.commands {
        let server = of_command(command, surroundings, place, depth);
        stays = server.is_some();
        match (server, &found) {
            (Some(server), Some(other)) if !alike(&server, other) => return None,
            (Some(server), _) => found = Some(server),
            (None, _) => {}
        }
    }
    // What comes last stays.
    found.filter(|_| stays)
}

fn alike(a: &Server, b: &Server) -> bool {
    a.port.as_ref().map(|port| port.value) == b.port.as_ref().map(|port| port.value)
        && a.host.as_ref().map(|host| host.value) == b.host.as_ref().map(|host| host.value)
}

fn of_command(
    command: &Command,
    surroundings: &Surroundings<'_>,
    place: Place<'_>,
    depth: usize,
) -> Option<Server> {
    let Command { words, at, .. } = command;
    let (first, rest) = words.split_first()?;
    match first.program()?.as_str() {
        "npm" | "yarn" | "pnpm" | "bun" => {
            let text = package_script(rest, surroundings)?;
            let followed = start::follow_text(&start::embedded(&text)?, place);
            staying(&followed, surroundings, place, depth + 1)
        }
        "java" => spring::server(words, *at, surroundings),
        "dotnet" => dotnet::server(words, *at, surroundings),
        _ => program::server(words, *at, surroundings),
    }
}

/// `npm start`, `npm run start`, `yarn start`: the script that `package.json` has under that name.
fn package_script(words: &[Word], surroundings: &Surroundings<'_>) -> Option<Word> {
    let mut names = words.iter().map(Word::known);
    let name = match names.next()?? {
        name if name == "run" || name == "run-script" => names.next()??.into_owned(),
        name if name.starts_with('-') => return None,
        name => name.into_owned(),
    };
    if names.next().is_some() {
        return None;
    }
    let path = surroundings.image.context.join("package.json")?;
    let file = surroundings.sources.find(&path)?;
    let decoded = surroundings.sources.read(file).ok()?;
    let manifest = json::parse(&decoded.text).ok()?;
    let script = manifest.at(&["scripts", &name])?;
    let at = Span::new(file, script.inner_range());
    Some(Word { values: vec![Text::literal(script.as_str()?, at)], at })
}
