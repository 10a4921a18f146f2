//! A container is given a secret as plain text.

use std::collections::BTreeSet;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::task_definition::{Container, TaskDefinition, Variable};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Piece, Provenance, Text};
use policy_core::{purpose, secret};

/// What stands for an unknown part of a value where it is taken apart.
const UNKNOWN: char = '\u{0}';

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| in_root(root, context))
}

fn in_root(root: &AwsRoot, context: &Context<'_>) -> Vec<Finding> {
    // What a module gives itself by default is its callers' to decide.
    let is_library = root.terraform.as_ref().is_some_and(|terraform| terraform.is_library);
    let is_decided = |from: &Provenance| !is_library || from.steps().next().is_none();
    let variables = root.task_definitions.iter().flat_map(|task| {
        let containers = task.containers.iter();
        containers.flat_map(move |container| {
            container.environment.variables.iter().map(move |variable| (task, container, variable))
        })
    });
    let mut said = BTreeSet::new();
    let found = variables.filter_map(|(task, container, variable)| {
        let secret = secret_in(variable).filter(|secret| is_decided(&secret.from))?;
        let is_real = !purpose::is_made_up(context.sources.path(variable.at.file));
        // One place may give it to the tasks of many services.
        let is_new = is_real && said.insert((variable.name_at, &variable.name));
        is_new.then(|| finding(task, container, variable, &secret))
    });
    found.collect()
}

/// A secret that a variable is given.
struct Secret {
    /// Where the literal that holds it is from.
    from: Provenance,
    /// Where it is written: nothing of that is shown.
    written: Vec<Span>,
}

fn secret_in(variable: &Variable) -> Option<Secret> {
    let value = variable.value.as_ref()?;
    let is_named_so = secret::is_name(&variable.name);
    let whole = || value.known().is_some_and(|value| secret::is_value(&value));
    if !is_named_so || !whole() {
        let from = password_in_address(value)?;
        return Some(Secret { written: vec![from.at], from });
    }
    let literals = value.pieces().iter().filter_map(|piece| match piece {
        Piece::Literal(_, from) => Some(from.at),
        Piece::Hole(_) => None,
    });
    Some(Secret { written: literals.collect(), from: value.last_literal()?.clone() })
}

/// The password in the address of a server: `postgres://app:…@db.internal/shop`.
fn password_in_address(value: &Text) -> Option<Provenance> {
    let written = value.render(UNKNOWN);
    let (_, rest) = written.split_once("://")?;
    let (server, _) = rest.split_once(['/', '?']).unwrap_or((rest, ""));
    let (user, host) = server.rsplit_once('@')?;
    let (user, password) = user.split_once(':')?;
    let is_own = ["localhost", "127.0.0.1", "host", "example"].iter().any(|own| host.starts_with(own));
    let is_named = password.contains(UNKNOWN) || is_noun(password) && is_noun(user);
    if is_own || is_named || !secret::is_value(password) {
        return None;
    }
    value.pieces().iter().find_map(|piece| match piece {
        Piece::Literal(text, from) => {
            let start = text.find(password)?;
            Some(from.part(text, start..start + password.len()))
        }
        Piece::Hole(_) => None,
    })
}

/// Whether a part of an address says what belongs there.
fn is_noun(part: &str) -> bool {
    ["user", "username", "pass", "password", "passwd", "pwd", "secret"]
        .iter()
        .any(|noun| part.eq_ignore_ascii_case(noun))
}

fn finding(task: &TaskDefinition, container: &Container, variable: &Variable, secret: &Secret) -> Finding {
    let name =
        container.name.known().map_or_else(|| "a container".to_owned(), |name| format!("container `{name}`"));
    let message = format!(
        "{name} of `{}` sets `{}` in plain text: everybody who can read the task definition or the repository can read the secret",
        task.name, variable.name
    );
    // An excerpt shows what is marked: the value never is.
    let finding =
        Finding::new(message, Label::new(variable.name_at, "its value is written in the repository"));
    let finding = secret.written.iter().copied().fold(finding, Finding::secret);
    let steps = secret.from.steps().map(|step| Label::new(step.at, step.note.clone()));
    let finding = steps.fold(finding, Finding::step);
    let is_elsewhere = secret.from.steps().next().is_some();
    let written = is_elsewhere.then(|| Label::new(secret.from.at, "the secret is written here"));
    let finding = written.into_iter().fold(finding, Finding::related);
    finding.help(
        "store it in Secrets Manager or Parameter Store, and reference it under `secrets` with `valueFrom`",
    )
}
