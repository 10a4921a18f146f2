//! What the jobs of a workflow wait for, and which of them test the code.

use policy_text::source::Span;
use policy_text::yaml::{Node, Yaml};

use crate::model::workflow_job::WorkflowJob;

/// Programs that run tests by themselves.
const RUNNERS: [&str; 12] = [
    "pytest",
    "jest",
    "vitest",
    "mocha",
    "ava",
    "phpunit",
    "rspec",
    "tox",
    "nox",
    "ctest",
    "gotestsum",
    "pest",
];

/// Programs that run tests if a word behind them says so.
const BUILDERS: [(&str, &[&str]); 15] = [
    ("npm", &["test"]),
    ("yarn", &["test"]),
    ("pnpm", &["test"]),
    ("bun", &["test"]),
    ("deno", &["test"]),
    ("go", &["test"]),
    ("cargo", &["test", "nextest"]),
    ("mvn", &["test", "verify"]),
    ("mvnw", &["test", "verify"]),
    ("gradle", &["test", "check"]),
    ("gradlew", &["test", "check"]),
    ("dotnet", &["test"]),
    ("mix", &["test"]),
    ("make", &["test", "tests"]),
    ("manage.py", &["test"]),
];

/// What stands before a program that runs another one.
const BEFORE: [&str; 14] = [
    "run", "exec", "bundle", "poetry", "uv", "pipenv", "npx", "python", "python3", "-m", "sudo", "time",
    "env", "coverage",
];

/// The jobs of a workflow that runs with each push or release. None of another.
pub(super) fn of(workflow: &Yaml) -> Vec<WorkflowJob> {
    let Some(root) = workflow.root().filter(|root| runs_with_pushes(*root)) else { return Vec::new() };
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    jobs.into_iter().filter_map(|(name, job)| of_job(name, job)).collect()
}

fn runs_with_pushes(root: Node<'_>) -> bool {
    let Some(on) = root.get("on") else { return false };
    let is_one = |name: Option<&str>| matches!(name, Some("push" | "release"));
    is_one(on.as_str())
        || on.items().any(|item| is_one(item.as_str()))
        || on.entries().iter().any(|(name, _)| is_one(name.as_str()))
}

fn of_job(name: Node<'_>, job: Node<'_>) -> Option<WorkflowJob> {
    let steps: Vec<Node<'_>> = job.get("steps").into_iter().flat_map(Node::items).collect();
    let waits = |uses: &str| uses.to_ascii_lowercase().contains("wait") || uses.starts_with("./");
    let is_opaque = |step: &Node<'_>| step.get("uses").and_then(Node::as_str).is_some_and(waits);
    Some(WorkflowJob {
        name: name.as_str()?.to_owned(),
        name_at: name.span(),
        at: job.span(),
        needs: needs(job.get("needs")),
        tests: steps.iter().find_map(|step| tests(*step)),
        condition: job.get("if").map(|condition| condition.as_str().unwrap_or_default().to_owned()),
        counts: job.get("continue-on-error").is_none(),
        may_be_held: job.get("environment").is_some()
            || job.get("uses").is_some()
            || steps.iter().any(is_opaque),
    })
}

fn needs(needs: Option<Node<'_>>) -> Option<Vec<String>> {
    let Some(needs) = needs else { return Some(Vec::new()) };
    let plain = |node: Node<'_>| node.as_str().filter(|name| !name.contains('$')).map(ToOwned::to_owned);
    if needs.is_sequence() { needs.items().map(plain).collect() } else { Some(vec![plain(needs)?]) }
}

/// Where a step runs tests whose failure fails it.
fn tests(step: Node<'_>) -> Option<Span> {
    let is_sure = step.get("if").is_none() && step.get("continue-on-error").is_none();
    let run = step.get("run").filter(|_| is_sure)?;
    let lines = run.as_str()?.lines();
    let mut commands = lines.filter(|line| !line.contains("||")).flat_map(|line| line.split("&&"));
    commands.any(runs_tests).then(|| run.span())
}

fn runs_tests(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let Some(path) = words.find(|word| !BEFORE.contains(word) && !word.contains('=')) else {
        return false;
    };
    let program = path.rsplit('/').next().unwrap_or_default();
    if RUNNERS.contains(&program) {
        return true;
    }
    let Some((_, says)) = BUILDERS.iter().find(|(builder, _)| *builder == program) else { return false };
    let mut rest = words.filter(|word| !word.starts_with('-') && *word != "run");
    rest.any(|word| {
        says.iter().any(|wanted| {
            word == *wanted || word.strip_prefix(*wanted).is_some_and(|rest| rest.starts_with(':'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_what_runs_them() {
        for command in [
            "npm test",
            "npm run test:unit -- --ci",
            "npx vitest run",
            "python -m pytest -q",
            "CI=1 yarn test",
            "./gradlew check",
            "go test ./...",
            "poetry run pytest",
            "bundle exec rspec",
            "python manage.py test",
            "make test",
        ] {
            assert!(runs_tests(command), "{command}");
        }
        for command in [
            "npm ci",
            "docker build -t test .",
            "echo test",
            "npm run build",
            "go build ./test",
            "",
            "pip install pytest",
        ] {
            assert!(!runs_tests(command), "{command}");
        }
    }
}
