//! A container is given a secret as plain text.

use std::collections::BTreeSet;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::task_definition::{Container, TaskDefinition, Variable};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::value::{Piece, Provenance, Text};

use super::placeholder;

/// What stands for an unknown part of a value where it is taken apart.
const UNKNOWN: char = '\u{0}';

/// What the names of secrets have in them.
const SECRETS: [&str; 8] =
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

/// What the names have in them of what only belongs to a secret: where it is kept and by what, how long it counts.
const ABOUT_SECRETS: [&str; 26] = [
    "ARN",
    "NAME",
    "URL",
    "URI",
    "PATH",
    "FILE",
    "TTL",
    "HEADER",
    "PUBLIC",
    "EXPIRY",
    "EXPIRES",
    "EXPIRATION",
    "EXPIRE",
    "ENDPOINT",
    "LENGTH",
    "TYPE",
    "ID",
    "ISSUER",
    "AUDIENCE",
    "ALGORITHM",
    "ENABLED",
    "MINUTES",
    "BACKEND",
    "STORE",
    "MANAGER",
    "PROVIDER",
];

/// What may follow the word for a secret in a name that is still that of the secret: `SECRET_KEY_BASE`, `PASSWORD_PROD`.
/// Any other noun names something else of it: a prefix, a region, a policy.
const STILL_SECRETS: [&str; 8] = ["S", "KEY", "KEYS", "BASE", "VALUE", "SALT", "HASH", "PEPPER"];

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
        let secret = secret_in(variable).filter(|from| is_decided(from))?;
        let is_real = !purpose::is_made_up(context.sources.path(variable.at.file));
        // One place may give it to the tasks of many services.
        let is_new = is_real && said.insert((variable.name_at, &variable.name));
        is_new.then(|| finding(task, container, variable, secret))
    });
    found.collect()
}

/// The literal that holds the secret which a variable is given.
fn secret_in(variable: &Variable) -> Option<&Provenance> {
    let value = variable.value.as_ref()?;
    let name = variable.name.to_ascii_uppercase();
    let is_named_so = is_name_of_secret(&name);
    let whole = || value.known().is_some_and(|value| is_value_of_secret(&value));
    if is_named_so && whole() { value.last_literal() } else { password_in_address(value) }
}

/// Whether an upper-case name is that of a secret itself.
fn is_name_of_secret(name: &str) -> bool {
    let ends = SECRETS.iter().filter_map(|secret| Some(name.rfind(secret)? + secret.len()));
    let Some(rest) = ends.max().and_then(|end| name.get(end..)) else { return false };
    let is_still_one = |word: &str| {
        STILL_SECRETS.contains(&word)
            || word.chars().all(|letter| letter.is_ascii_digit())
            || purpose::is_production(&word.to_ascii_lowercase())
            || purpose::says_development(&word.to_ascii_lowercase())
    };
    rest.split('_').all(is_still_one) && !name.split('_').any(|word| ABOUT_SECRETS.contains(&word))
}

/// The literal that holds the password in the address of a server: `postgres://app:…@db.internal/shop`.
fn password_in_address(value: &Text) -> Option<&Provenance> {
    let written = value.render(UNKNOWN);
    let (_, rest) = written.split_once("://")?;
    let (server, _) = rest.split_once(['/', '?']).unwrap_or((rest, ""));
    let (user, host) = server.rsplit_once('@')?;
    let (user, password) = user.split_once(':')?;
    let is_own = ["localhost", "127.0.0.1", "host", "example"].iter().any(|own| host.starts_with(own));
    let is_named = password.contains(UNKNOWN) || is_noun(password) && is_noun(user);
    if is_own || is_named || !is_value_of_secret(password) {
        return None;
    }
    value.pieces().iter().find_map(|piece| match piece {
        Piece::Literal(text, from) if text.contains(password) => Some(from),
        _ => None,
    })
}

/// Whether a part of an address says what belongs there.
fn is_noun(part: &str) -> bool {
    ["user", "username", "pass", "password", "passwd", "pwd", "secret"]
        .iter()
        .any(|noun| part.eq_ignore_ascii_case(noun))
}

/// Whether a value can be a secret: not empty, no switch, no number, no place where a secret is kept.
fn is_value_of_secret(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && !matches!(lower.as_str(), "true" | "false" | "none" | "null" | "disabled" | "enabled")
        && value.parse::<f64>().is_err()
        && !["arn:", "/", "http://", "https://", "${", "ssm:"].iter().any(|start| lower.starts_with(start))
        && !placeholder::is_placeholder(value)
}

fn finding(
    task: &TaskDefinition,
    container: &Container,
    variable: &Variable,
    secret: &Provenance,
) -> Finding {
    let name =
        container.name.known().map_or_else(|| "a container".to_owned(), |name| format!("container `{name}`"));
    let message = format!(
        "{name} of `{}` sets `{}` in plain text: everybody who can read the task definition or the repository can read the secret",
        task.name, variable.name
    );
    // An excerpt shows what is marked: the value never is, unless as a secret.
    let finding =
        Finding::new(message, Label::new(variable.name_at, "its value is written in the repository"));
    let steps = secret.steps().map(|step| Label::new(step.at, step.note.clone()));
    let finding = steps.fold(finding, Finding::step);
    let is_elsewhere = secret.steps().next().is_some();
    let written = is_elsewhere.then(|| Label::secret(secret.at, "the secret is written here"));
    let finding = written.into_iter().fold(finding, Finding::related);
    finding.help(
        "store it in Secrets Manager or Parameter Store, and reference it under `secrets` with `valueFrom`",
    )
}
