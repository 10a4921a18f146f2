//! `docker compose`: the files that a command takes together, and the services that it builds or pushes.

use policy_shell::resolve::{Command, State, Word};
use policy_text::source::RepoPath;

use super::caller::Caller;
use super::flags::Arguments;
use super::row::Call;
use super::valued;
use crate::compose::{Builder, ComposePush, Composition};
use crate::found::Found;

/// Adds the composition of `docker compose`, where all its files are known, and what it pushes.
pub(super) fn read(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let Call { command, words, .. } = *call;
    // What stands behind the verb are its own flags.
    let global = |words| Arguments::parse(words, |flag| valued::COMPOSE.contains(&flag));
    let Some(&verb) = global(words).positional.first() else { return };
    let Some(at) = words.iter().position(|word| std::ptr::eq(word, verb)) else { return };
    let (before, own) = words.split_at(at);
    let Some(composition) = composition(command, &global(before)) else { return };
    let behind = own.get(1..).unwrap_or_default();
    let arguments = Arguments::parse(behind, |flag| valued::COMPOSE_BUILD.contains(&flag));
    let is = |verbs: &[&str]| verb.known().is_some_and(|verb| verbs.contains(&&*verb));
    let builds = is(&["build"]) || (is(&["up"]) && arguments.has(&["--build"]));
    let pushes = is(&["push"]) || (is(&["build"]) && arguments.has(&["--push"]));
    let services = arguments.positional.iter().map(|word| Some(word.known()?.into_owned()));
    let services = services.collect::<Option<Vec<String>>>();
    if let Some(services) = services.clone().filter(|_| pushes) {
        found.compose_push(ComposePush {
            composition: composition.clone(),
            services,
            at: command.at,
            by: caller.name.clone(),
        });
    }
    let builder = services.filter(|_| builds);
    let builder = builder.map(|services| Builder { name: caller.name.clone(), services });
    found.composition(Composition { builder, ..composition });
}

/// `docker buildx bake -f compose.yaml --push web`: what services build is pushed, unless other tags are set for it. Bake
/// takes the files that compose does, and more of its own kind.
pub(super) fn bake(call: &Call<'_>, caller: &Caller<'_>, found: &mut Found) {
    let Call { command, arguments, .. } = call;
    let sets_tags = |word: &Word| word.known().is_none_or(|set| set.contains("tags"));
    if !arguments.has(&["--push"]) || arguments.values(&["--set"]).iter().any(sets_tags) {
        return;
    }
    let services = arguments.positional.iter().map(|word| Some(word.known()?.into_owned()));
    let Some((mut composition, services)) =
        composition(command, arguments).zip(services.collect::<Option<Vec<String>>>())
    else {
        return;
    };
    let named = !composition.files.is_empty();
    composition.files.retain(|file| matches!(file.extension(), Some("yml" | "yaml")));
    if !(named && composition.files.is_empty()) {
        found.composition(composition.clone());
        found.compose_push(ComposePush { composition, services, at: command.at, by: caller.name.clone() });
    }
}

/// The files of a command, by the flags before its verb.
fn composition(command: &Command, flags: &Arguments<'_>) -> Option<Composition> {
    let place = State::starting_in(command.folder.clone(), None);
    let path = |word: &Word| place.resolve(word.first().filter(|_| word.values.len() == 1)?);
    let files: Option<Vec<RepoPath>> = flags.values(&["-f", "--file"]).iter().map(path).collect();
    let project_directory = match flags.values(&["--project-directory"]).pop() {
        Some(word) => Some(path(&word)?),
        None => None,
    };
    Some(Composition {
        files: files?,
        folder: command.folder.clone()?,
        project_directory,
        included: false,
        builder: None,
    })
}
