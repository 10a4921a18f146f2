//! Clusters on the machine that runs the commands: what they run serves no users.

use policy_shell::resolve::Word;
use policy_text::value::Text;

use super::row::{Call, Effect};
use super::table::cluster_makers;

/// The flags that choose a context for one command.
const FLAGS: [&str; 2] = ["--context", "--kube-context"];

/// The contexts of Docker Desktop, which no program of its own makes.
const OF_DESKTOP: [&str; 2] = ["docker-desktop", "docker-for-desktop"];

/// Whether the call says that the cluster is on this machine.
pub(super) fn is_meant(call: &Call<'_>) -> bool {
    match call.row.does {
        Effect::StartsCluster => true,
        Effect::ChoosesCluster => call.arguments.positional.first().is_some_and(|word| is_context(word)),
        _ => false,
    }
}

/// Whether the words choose such a cluster for what they run.
pub(super) fn is_chosen_by(words: &[Word]) -> bool {
    words.iter().enumerate().any(|(index, word)| {
        let start = word.first().map(Text::known_prefix).unwrap_or_default();
        let (flag, context) = match start.split_once('=') {
            Some((flag, _)) => (flag, Some(word)),
            None => (start.as_str(), words.get(index + 1)),
        };
        FLAGS.contains(&flag) && context.is_some_and(is_context)
    })
}

/// Whether a word ends with the name of a context on this machine: `kind-dev`, `--context=minikube`.
fn is_context(word: &Word) -> bool {
    let written = word.first().map(Text::known_prefix).unwrap_or_default();
    let context = written.rsplit('=').next().unwrap_or_default();
    cluster_makers()
        .chain(OF_DESKTOP)
        .any(|name| context.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}
