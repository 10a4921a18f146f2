//! A container is given a secret as plain text.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::task_definition::{Container, TaskDefinition, Variable};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::value::{Provenance, Text};

/// What the names of secrets have in them.
const SECRETS: [&str; 8] =
    ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"];

/// What the names have in them of what only belongs to a secret: where it is kept, how long it counts.
const ABOUT_SECRETS: [&str; 22] = [
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
];

/// What is in values that people have yet to replace.
const PLACEHOLDERS: [&str; 7] = ["replace", "change", "your", "placeholder", "todo", "<", "xxx"];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| in_root(root, context))
}

fn in_root(root: &AwsRoot, context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // What a module gives itself by default is its callers' to decide.
    let is_library = root.terraform.as_ref().is_some_and(|terraform| terraform.is_library);
    let is_decided = |variable: &&Variable| {
        let from = variable.value.as_ref().and_then(Text::last_literal);
        !is_library || from.is_some_and(|from| from.steps().next().is_none())
    };
    for task in &root.task_definitions {
        for container in &task.containers {
            let secrets = container
                .environment
                .variables
                .iter()
                .filter(|variable| is_secret(variable))
                .filter(is_decided);
            let real =
                secrets.filter(|variable| !purpose::is_made_up(context.sources.path(variable.at.file)));
            findings.extend(real.map(|variable| finding(task, container, variable)));
        }
    }
    findings
}

fn is_secret(variable: &Variable) -> bool {
    let name = variable.name.to_ascii_uppercase();
    let words: Vec<&str> = name.split('_').collect();
    SECRETS.iter().any(|secret| name.contains(secret))
        && !words.iter().any(|word| ABOUT_SECRETS.contains(word))
        && variable.value.as_ref().and_then(Text::known).is_some_and(|value| is_value_of_secret(&value))
}

/// Whether a value can be a secret: not empty, no switch, no number, no place where a secret is kept.
fn is_value_of_secret(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && !matches!(lower.as_str(), "true" | "false" | "none" | "null" | "disabled" | "enabled")
        && value.parse::<f64>().is_err()
        && !["arn:", "/", "http://", "https://", "${", "ssm:"].iter().any(|start| lower.starts_with(start))
        && !PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

fn finding(task: &TaskDefinition, container: &Container, variable: &Variable) -> Finding {
    let name =
        container.name.known().map_or_else(|| "a container".to_owned(), |name| format!("container `{name}`"));
    let message = format!(
        "{name} of `{}` has `{}` as plain text: everybody who can read the task definition or the repository knows it",
        task.name, variable.name
    );
    // An excerpt shows what is marked: the value never is.
    let finding =
        Finding::new(message, Label::new(variable.name_at, "its value is written in the repository"));
    let used = variable.value.as_ref().and_then(Text::last_literal).into_iter();
    let steps = used.flat_map(Provenance::steps).map(|step| Label::new(step.at, step.note.clone()));
    let finding = steps.fold(finding, Finding::related);
    finding.help(
        "store it in Secrets Manager or Parameter Store, and reference it under `secrets` with `valueFrom`",
    )
}
