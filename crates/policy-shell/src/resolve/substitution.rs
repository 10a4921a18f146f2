//! What a command substitution gives: the few whose result is known, or known to differ on every run.

use brush_parser::ast;
use policy_text::embedded::Embedded;
use policy_text::source::{RepoPath, Span};
use policy_text::value::alternatives::Alternatives;
use policy_text::value::{Origin, Text};

use super::Command;
use super::execute::execute;
use super::limits::Limits;
use super::state::State;
use crate::parse::{self, Script};

/// The output of `script`, which is substituted at `at`, and its commands.
pub(super) fn run(
    script: Embedded,
    at: Span,
    state: &State,
    limits: Limits<'_>,
) -> (Alternatives, Vec<Command>) {
    let unknown = |why: &'static str| (vec![Text::hole(Origin::Other(why.into()), at)], Vec::new());
    let Some(limits) = limits.deeper() else { return unknown("substitutions nested too deeply") };
    limits.pay_for_script(script.as_str());
    let Ok(script) = parse::read(script) else { return unknown("a substitution that could not be read") };
    let (commands, after) = execute(&script, state.clone(), limits);
    let own: Vec<&Command> = commands.iter().filter(|command| !command.substituted).collect();
    let output = output(&script, &own, &after, at);
    let substituted = commands.into_iter().map(|command| Command { substituted: true, ..command });
    (output, substituted.collect())
}

/// What a script writes that comes to `commands`.
fn output(script: &Script, commands: &[&Command], after: &State, at: Span) -> Alternatives {
    if commands.iter().any(|command| differs_by_run(command)) {
        return vec![Text::hole(Origin::Unique(script.text.as_str().trim().into()), at)];
    }
    let output = |command: &Command| output_of(command, commands, after, at);
    match commands {
        [] => vec![Text::empty()],
        [.., tried, last] if has_fallback(script) => {
            let mut values = output(tried);
            if !matches!(last.name().as_str(), "true" | ":") {
                values.extend(output(last));
            }
            values
        }
        [.., last] => output(last),
    }
}

/// Whether the script ends with a command that only runs where the one before it fails: `a || b`.
fn has_fallback(script: &Script) -> bool {
    let last = script.program.complete_commands.last().and_then(|list| list.0.last());
    last.is_some_and(|item| item.0.additional.iter().any(|next| matches!(next, ast::AndOr::Or(_))))
}

/// What `last` writes, the command whose output is substituted.
fn output_of(last: &Command, commands: &[&Command], after: &State, at: Span) -> Alternatives {
    let unknown = |origin| vec![Text::hole(origin, at)];
    let arguments: Vec<_> = last.words.iter().skip(1).collect();
    let plain = arguments.iter().find(|word| word.known().is_none_or(|word| !word.starts_with('-')));
    let name = last.name();
    let written = || unknown(Origin::Output { command: name.as_str().into(), variable: None });
    // Of a pipeline only the first command is read: what the others make of its output is unknown.
    match (name.as_str(), plain) {
        _ if last.piped || commands.iter().any(|command| command.piped) => written(),
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
                _ => written(),
            }
        }
        ("aws", _) if last.says(&["describe-load-balancers"]) && asks_for(last, "DNSName") => {
            unknown(Origin::Output { command: Origin::BALANCER_NAME.into(), variable: None })
        }
        ("echo" | "printf", Some(text)) if arguments.len() == 1 => text.values.clone(),
        _ => written(),
    }
}

/// Whether a word of the command has this in it, as a query has the name of a field.
fn asks_for(command: &Command, field: &str) -> bool {
    command.words.iter().any(|word| word.known().is_some_and(|word| word.contains(field)))
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
    path.rsplit_once('/').map_or_else(|| Text::literal(".", at), |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use policy_text::source::FileId;

    use super::*;

    /// The values of the arguments of the command that `script` ends with.
    fn arguments(script: &str) -> Vec<String> {
        let script = parse::read(Embedded::whole(FileId(0), script)).unwrap();
        let commands = crate::resolve::run(&script, State::default()).commands;
        let shown = |word: &crate::resolve::Word| {
            word.values.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")
        };
        commands.last().unwrap().words.iter().skip(1).map(shown).collect()
    }

    #[test]
    fn a_fallback_is_one_of_two_outputs() {
        assert_eq!(arguments("r=$(tf output || echo \"\")\npush $r/x ${r:-y}\n"), ["${r}/x|/x", "${r}|y"]);
        assert_eq!(arguments("push $(tf output || true)\n"), ["$(tf …)"]);
        assert_eq!(
            arguments("R=$(tf output)\nQ=$(tf output).io\npush $R/x $Q/x\n"),
            ["${R}/x", "$(tf …).io/x"]
        );
    }
}
