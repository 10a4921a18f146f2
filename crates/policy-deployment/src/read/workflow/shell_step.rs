//! Steps that run commands: expressions put into the shell, and what it hands on to later steps.

use policy_docker::asker::Asker;
use policy_shell::parse as shell;
use policy_shell::resolve::{Command, State, Word};
use policy_text::embedded::Embedded;
use policy_text::source::RepoPath;
use policy_text::yaml::Node;

use super::expression::{evaluate, expressions};
use super::scope::Scope;
use crate::commands::{self, Caller, with_placeholders, written};
use crate::found::Found;

/// The variables that hold the files by which a step hands something on to those after it.
const OUTPUT: &str = "GITHUB_OUTPUT";
const ENVIRONMENT: &str = "GITHUB_ENV";
/// How it did so once, by what it wrote.
const OLD_OUTPUT: &str = "::set-output name=";

/// Reads the commands of a step that start in `folder`.
pub(super) fn read(
    step: Node<'_>,
    text: &Embedded,
    folder: Option<RepoPath>,
    user: &Asker,
    scope: &mut Scope,
    found: &mut Found,
) {
    let other_shell = step
        .get("shell")
        .and_then(Node::as_str)
        .is_some_and(|shell| !shell.contains("sh") || shell.contains("pwsh"));
    if other_shell {
        return;
    }
    let mut state = State::starting_in(folder, None);
    let expressions = expressions(text.as_str());
    let parts = expressions.iter().map(|range| (range.clone(), evaluate(text, range.clone(), scope)));
    let input = with_placeholders(text, parts, &mut state);
    // A run of the job has one value of each key of its matrix, whatever else may be given from outside.
    for (placeholder, range) in expressions.into_iter().enumerate() {
        if text.as_str().get(range).is_some_and(is_of_matrix) {
            state.settle(placeholder);
        }
    }
    for (name, values) in &scope.env {
        state.set(name, values.clone());
    }
    // What it hands on to later steps, checks out for their builds, or asks for.
    let matters = [OUTPUT, ENVIRONMENT, OLD_OUTPUT].iter().any(|name| text.as_str().contains(name))
        || commands::clones_in(text.as_str())
        || commands::asks_in(text.as_str());
    if !matters && !commands::named_in_script(&input, &state) {
        return;
    }
    // A step that is no valid shell is GitHub's to refuse, or written for another one.
    let Ok(script) = shell::read(input) else { return };
    let caller =
        Caller::of_a_pipeline(user).with_local_cluster(scope.local_cluster).with_plans_only(scope.only_plans);
    let commands = commands::carry_out(&script, state, &caller, found);
    if scope.deploys {
        found.images_once(commands.iter().flat_map(written::images));
    }
    let id = step.get("id").and_then(Node::as_str).unwrap_or_default();
    for command in commands.iter().filter(|command| matches!(command.name().as_str(), "echo" | "printf")) {
        hand_on(command, id, scope);
    }
}

/// Whether an expression is a value of the matrix and nothing else: `${{ matrix.service }}`.
fn is_of_matrix(expression: &str) -> bool {
    let inner = expression.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim);
    let key = inner.and_then(|inner| inner.strip_prefix("matrix."));
    key.is_some_and(|key| key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
}

/// Reads a script that an action runs on another machine, which knows the variables that `names` hands over.
pub(super) fn read_remote(text: &Embedded, names: &str, user: &Asker, scope: &Scope, found: &mut Found) {
    let mut state = State::default();
    let parts =
        expressions(text.as_str()).into_iter().map(|range| (range.clone(), evaluate(text, range, scope)));
    let input = with_placeholders(text, parts, &mut state);
    for name in names.split(',').map(str::trim) {
        if let Some(values) = scope.env.get(name) {
            state.set(name, values.clone());
        }
    }
    commands::collect_from_text(input, state, &Caller::deploying(user), found);
}

/// `echo "name=value" >> "$GITHUB_OUTPUT"`, the same with `$GITHUB_ENV`, and the old `::set-output name=…::value`.
fn hand_on(command: &Command, id: &str, scope: &mut Scope) {
    let target = command.output.as_ref().and_then(Word::first).map(ToString::to_string).unwrap_or_default();
    let goes_to = |variable: &str| target == format!("${{{variable}}}");
    for word in command.words.iter().skip(1) {
        for value in &word.values {
            let old = value.strip_prefix(OLD_OUTPUT).and_then(|rest| rest.split_once("::"));
            let is_old = old.is_some();
            let Some((name, text)) = old.or_else(|| value.split_once('=')) else { continue };
            let name = name.to_string();
            if is_old || goes_to(OUTPUT) {
                scope.steps.entry(format!("{id}.{name}")).or_default().push(text);
            } else if goes_to(ENVIRONMENT) {
                scope.env.insert(name.clone(), vec![text]);
                scope.exported.insert(name);
            }
        }
    }
}
