//! What a command substitution gives: the few whose result is known, or known to differ on every run.

use super::expand::MAX_DEPTH;
use super::state::State;
use super::{Command, run};
use crate::parse::embedded::Embedded;
use crate::parse::shell;
use crate::resolve::alternatives::Alternatives;
use crate::resolve::{Origin, Text};
use crate::source::{RepoPath, Span};

/// The output of `script`, which is substituted at `at`.
pub(super) fn value(script: Embedded, at: Span, state: &State, depth: usize) -> Alternatives {
    let unknown = |origin| vec![Text::hole(origin, at)];
    if depth >= MAX_DEPTH {
        return unknown(Origin::Other("substitutions nested too deeply".into()));
    }
    let Ok(script) = shell::read(script) else {
        return unknown(Origin::Other("a substitution that could not be read".into()));
    };
    let (commands, after) = run(&script, state.clone(), depth + 1);
    if commands.iter().any(differs_by_run) {
        return unknown(Origin::Unique(script.text.as_str().trim().into()));
    }
    // What stands after `||` counts where the command before it fails, and an empty answer is none.
    let alternative = script.text.as_str().contains("||");
    match commands.as_slice() {
        [] => vec![Text::empty()],
        [.., tried, last] if alternative => {
            let mut values = output(tried, &commands, &after, at);
            values.extend(
                output(last, &commands, &after, at).into_iter().filter(|value| !value.pieces().is_empty()),
            );
            values
        }
        [.., last] => output(last, &commands, &after, at),
    }
}

/// What `last` writes, the command whose output is substituted.
fn output(last: &Command, commands: &[Command], after: &State, at: Span) -> Alternatives {
    let unknown = |origin| vec![Text::hole(origin, at)];
    let arguments: Vec<_> = last.words.iter().skip(1).collect();
    let plain = arguments.iter().find(|word| word.known().is_none_or(|word| !word.starts_with('-')));
    let name = last.name();
    // Of a pipeline only the first command is read: what the others make of its output is unknown.
    match (name.as_str(), plain) {
        _ if last.piped || commands.iter().any(|command| command.piped) => unknown(Origin::Call(name.into())),
        ("pwd", _) => vec![State::path_text(after.folder.as_ref(), at)],
        ("dirname", Some(path)) => path.values.iter().map(|path| parent(path, at)).collect(),
        ("realpath" | "readlink", Some(path)) => path.values.clone(),
        ("git", _) if last.says(&["rev-parse", "--show-toplevel"]) => {
            vec![State::path_text(Some(&RepoPath::root()), at)]
        }
        ("terraform" | "tofu", _) if last.says(&["output"]) => {
            match arguments.last().and_then(|word| word.known()) {
                Some(output) if output != "output" && !output.starts_with('-') => {
                    unknown(Origin::Cloud(format!("output.{output}").into()))
                }
                _ => unknown(Origin::Call(name.into())),
            }
        }
        ("echo" | "printf", Some(text)) if arguments.len() == 1 => text.values.clone(),
        _ => unknown(Origin::Call(name.into())),
    }
}

/// Whether the output of a command is another one on every run, or with every commit.
fn differs_by_run(command: &Command) -> bool {
    match command.name().as_str() {
        "date" | "uuidgen" => true,
        "git" => {
            let names_branch = command.says(&["--abbrev-ref"])
                || command.says(&["--show-toplevel"])
                || command.says(&["--show-prefix"]);
            !names_branch
                && ["rev-parse", "describe", "log", "show", "rev-list"]
                    .iter()
                    .any(|word| command.says(&[word]))
        }
        _ => false,
    }
}

/// The folder part of a path.
fn parent(path: &Text, at: Span) -> Text {
    let written = path.render('\u{1}');
    match written.rfind('/') {
        Some(slash) => path.split_at(slash).0,
        None => Text::literal(".", at),
    }
}
