//! Images that a script pulls only to build from them, or to run them and throw them away.

use policy_shell::resolve::Word;

use super::row::{Call, Effect};

/// Their references, as they are written: those of `--cache-from` and of `docker run --rm`, unless a container of theirs stays.
pub(super) fn names<'c>(calls: impl IntoIterator<Item = &'c Call<'c>>) -> Vec<String> {
    let (mut tools, mut staying) = (Vec::new(), Vec::new());
    for Call { row, arguments, .. } in calls {
        match row.does {
            Effect::Builds(_) => {
                tools.extend(arguments.values(&["--cache-from"]).iter().flat_map(written));
            }
            Effect::Runs { .. } => {
                let image = arguments.positional.first().copied().into_iter().flat_map(written);
                if arguments.has(&["--rm"]) { tools.extend(image) } else { staying.extend(image) }
            }
            _ => {}
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
