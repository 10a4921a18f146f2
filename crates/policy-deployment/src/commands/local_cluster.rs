//! Clusters on the machine that runs the commands: what they run serves no users.

use policy_shell::resolve::{Command, Word};
use policy_text::value::Text;

use super::says;

/// Programs that make such a cluster and load images into it.
const PROGRAMS: [&str; 6] = ["kind", "minikube", "k3d", "colima", "tilt", "microk8s"];

/// Beginnings of the names that their contexts have.
const CONTEXTS: [&str; 7] =
    ["kind", "minikube", "k3d-", "colima", "docker-desktop", "docker-for-desktop", "microk8s"];

/// Whether text names such a program: an action that sets one up, a step that starts one.
pub(crate) fn names_program(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| PROGRAMS.contains(&word))
}

/// Whether the command says that the cluster is on this machine.
pub(super) fn is_meant(command: &Command) -> bool {
    let chooses =
        says(&command.words, 1, &["config"]) && says(&command.words, 2, &["use-context", "set-context"]);
    let names_context = |word: &Word| {
        let word = word.first().map(Text::known_prefix).unwrap_or_default();
        let context = word.rsplit('=').next().unwrap_or_default();
        CONTEXTS.iter().any(|start| context.starts_with(start))
    };
    let flagged = || {
        command.words.windows(2).any(|pair| {
            says(pair, 0, &["--context", "--kube-context"]) && pair.last().is_some_and(names_context)
        }) || command.words.iter().any(|word| {
            let prefix = word.first().map(Text::known_prefix).unwrap_or_default();
            ["--context=", "--kube-context="].iter().any(|flag| prefix.starts_with(flag))
                && names_context(word)
        })
    };
    PROGRAMS.contains(&command.name().as_str())
        || chooses && command.words.get(3).is_some_and(names_context)
        || flagged()
}
