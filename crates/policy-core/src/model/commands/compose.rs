//! `docker compose`: the files that a command takes together, and the services that it builds.

use super::flags::{self, Arguments};
use super::{Caller, says};
use crate::model::compose::{Builder, Composition};
use crate::model::delivery::Delivery;
use crate::resolve::shell::{Command, State, Word};
use crate::source::RepoPath;

/// Adds the composition of `docker compose` with `words`, where all its files are known.
pub(super) fn read(command: &Command, words: &[Word], caller: &Caller<'_>, delivery: &mut Delivery) {
    if let Some(composition) = composition(command, words, caller)
        && !delivery.compositions.contains(&composition)
    {
        delivery.compositions.push(composition);
    }
}

fn composition(command: &Command, words: &[Word], caller: &Caller<'_>) -> Option<Composition> {
    // What stands behind the verb are its own flags.
    let verb = *Arguments::parse(words, flags::COMPOSE).positional.first()?;
    let (global, own) = words.split_at(words.iter().position(|word| std::ptr::eq(word, verb))?);
    let global = Arguments::parse(global, flags::COMPOSE);
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| place.resolve(word.first().filter(|_| word.values.len() == 1)?);
    let files: Option<Vec<RepoPath>> = global.values(&["-f", "--file"]).iter().map(path).collect();
    let project_directory = match global.values(&["--project-directory"]).pop() {
        Some(word) => Some(path(&word)?),
        None => None,
    };
    let arguments = Arguments::parse(own.get(1..).unwrap_or_default(), flags::COMPOSE_BUILD);
    let builds = says(own, 0, &["build"]) || (says(own, 0, &["up"]) && arguments.has(&["--build"]));
    let services = arguments.positional.iter().map(|word| Some(word.known()?.into_owned()));
    let builder = match services.collect::<Option<Vec<String>>>() {
        Some(services) if builds => Some(Builder { name: caller.name.to_owned(), services }),
        _ => None,
    };
    Some(Composition {
        files: files?,
        folder: command.folder.clone()?,
        project_directory,
        included: false,
        builder,
    })
}
