//! Images that a script pulls only to build from them, or to run them and throw them away.

use policy_shell::resolve::{Command, Word};

use super::flags::{self, Arguments};
use super::says;

/// Their references, as they are written: those of `--cache-from` and of `docker run --rm`, unless a container of theirs stays.
pub(super) fn names(commands: &[Command]) -> Vec<String> {
    let (mut tools, mut staying) = (Vec::new(), Vec::new());
    for command in commands {
        let words = flags::without_wrappers(&command.words);
        if !says(words, 0, &["docker", "podman"]) {
            continue;
        }
        let words = words.get(1..).unwrap_or_default();
        let grouped = says(words, 0, &["buildx", "image", "container"]);
        let words = if grouped { words.get(1..).unwrap_or_default() } else { words };
        let rest = words.get(1..).unwrap_or_default();
        if says(words, 0, &["build", "b"]) {
            let caches = Arguments::parse(rest, flags::BUILD).values(&["--cache-from"]);
            tools.extend(caches.iter().flat_map(written));
        } else if says(words, 0, &["run", "create"]) {
            let arguments = Arguments::parse(rest, flags::RUN);
            let image = arguments.positional.first().copied().into_iter().flat_map(written);
            if arguments.has(&["--rm"]) { tools.extend(image) } else { staying.extend(image) }
        }
    }
    tools.retain(|name| !staying.contains(name));
    tools
}

/// The values of a word; of `type=registry,ref=web:1`, its reference.
fn written(word: &Word) -> Vec<String> {
    let name = |value: String| match value.split_once("ref=") {
        Some((_, reference)) => reference.split(',').next().unwrap_or_default().to_owned(),
        None => value,
    };
    word.values.iter().map(|value| name(value.to_string())).collect()
}
