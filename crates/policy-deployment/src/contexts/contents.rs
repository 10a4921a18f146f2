//! What the context of a build in a workflow contains: the whole folder, only the checkout, or only the commit.

use policy_shell::parse as shell;
use policy_shell::resolve::{Command, State, Word, run};
use policy_text::embedded::Embedded;
use policy_text::source::{Sources, Span};
use policy_text::yaml::Node;

use super::step_script::plain;
use crate::commands::without_wrappers;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::context::Contents;

/// The action that takes the commit from git where nobody tells it a folder.
const FROM_GIT: &str = "docker/build-push-action";

/// Actions that leave the files of the checkout as they are.
const KEEPING: [&str; 13] = [
    "docker/login-action",
    "docker/setup-buildx-action",
    "docker/setup-qemu-action",
    "docker/metadata-action",
    "crazy-max/ghaction-docker-meta",
    "aws-actions/configure-aws-credentials",
    "aws-actions/amazon-ecr-login",
    "google-github-actions/setup-gcloud",
    "azure/login",
    "azure/docker-login",
    "sigstore/cosign-installer",
    "step-security/harden-runner",
    "dorny/paths-filter",
];

/// Programs that leave the files of the checkout as they are, each with the verbs that do. Without verbs all do.
const KEEPERS: &[(&str, &[&str])] = &[
    (
        "docker",
        &[
            "login", "logout", "tag", "push", "pull", "build", "buildx", "images", "info", "version",
            "inspect", "manifest",
        ],
    ),
    ("aws", &["ecr", "ecr-public", "sts", "ecs", "configure"]),
    ("gcloud", &["auth", "config"]),
    ("az", &["acr", "login", "account"]),
    ("git", &["rev-parse", "describe", "log", "config", "tag", "show", "status", "branch"]),
    ("echo", &[]),
    ("printf", &[]),
    ("export", &[]),
    ("set", &[]),
    ("true", &[]),
    ("exit", &[]),
    ("sleep", &[]),
    ("date", &[]),
    ("test", &[]),
    ("[", &[]),
    ("cat", &[]),
    ("ls", &[]),
    ("pwd", &[]),
    ("cut", &[]),
    ("tr", &[]),
    ("grep", &[]),
    ("awk", &[]),
    ("jq", &[]),
    ("head", &[]),
    ("tail", &[]),
];

/// Expressions of the commit, branch or tag that a workflow runs for.
const OWN_COMMITS: [&str; 7] = [
    "github.sha",
    "github.ref",
    "github.ref_name",
    "github.head_ref",
    "github.event.pull_request.head.sha",
    "github.event.pull_request.head.ref",
    "github.event.workflow_run.head_sha",
];

/// Where the output of a command may go without becoming a file of the checkout.
const NO_FILES: [&str; 4] = ["${GITHUB_OUTPUT}", "${GITHUB_ENV}", "${GITHUB_STEP_SUMMARY}", "/dev/null"];

/// What the build at `at` gets of its folder.
pub(super) fn of(at: Span, parsed: &Parsed, sources: &Sources<'_>) -> Contents {
    step_at(at, parsed, sources).map_or(Contents::Folder, |steps| contents(&steps))
}

/// The steps of a job up to the one that builds, which is the last.
fn step_at<'p>(at: Span, parsed: &'p Parsed, sources: &Sources<'_>) -> Option<Vec<Node<'p>>> {
    let is_own = sources.path(at.file).as_str().starts_with(".github/workflows/");
    let (_, file) = parsed.yaml.iter().find(|(file, _)| is_own && *file == at.file)?;
    let root = file.yaml.root().filter(|root| file.flavour == Flavour::Workflow && !is_called(*root))?;
    let holds = |node: Node<'_>| node.span().start <= at.start && at.end <= node.span().end;
    let jobs = root.get("jobs")?.entries();
    let (_, job) = jobs.into_iter().find(|(_, job)| holds(*job))?;
    let mut steps: Vec<Node<'p>> = job.get("steps")?.items().collect();
    let builds = steps.iter().position(|step| holds(*step))?;
    steps.truncate(builds + 1);
    Some(steps)
}

/// Whether others call the workflow, which then runs on their repository.
fn is_called(root: Node<'_>) -> bool {
    root.get("on").is_some_and(|on| {
        on.as_str() == Some("workflow_call")
            || on.get("workflow_call").is_some()
            || on.items().any(|trigger| trigger.as_str() == Some("workflow_call"))
    })
}

fn contents(steps: &[Node<'_>]) -> Contents {
    let Some((build, before)) = steps.split_last() else { return Contents::Folder };
    let after_others = !before.iter().all(|step| keeps_files(*step));
    if takes_commit(*build) {
        return Contents::Commit { after_others };
    }
    let is_checked_out =
        before.iter().any(|step| action(*step).is_some_and(|(name, _)| name == "actions/checkout"));
    if is_checked_out && !after_others && keeps_files(*build) { Contents::Checkout } else { Contents::Folder }
}

/// The name of the action that a step uses, and its version.
fn action(step: Node<'_>) -> Option<(&str, &str)> {
    let uses = step.get("uses")?.as_str()?;
    Some(uses.split_once('@').unwrap_or((uses, "")))
}

/// Whether the step builds the commit. The first version of the action took a folder.
fn takes_commit(step: Node<'_>) -> bool {
    let says = |key: &str| step.path(&["with", key]).and_then(Node::as_str);
    action(step).is_some_and(|(name, version)| {
        name == FROM_GIT && version != "v1" && !version.starts_with("v1.") && !version.starts_with("1.")
    }) && says("path").is_none()
        && says("context").is_none_or(|context| context.starts_with("{{defaultContext}}"))
}

/// Whether the step makes no file in the checkout, as far as can be known.
fn keeps_files(step: Node<'_>) -> bool {
    let has = |key: &str| step.path(&["with", key]).is_some();
    if let Some((name, _)) = action(step) {
        return match name {
            "actions/checkout" => {
                let other = step
                    .path(&["with", "ref"])
                    .is_some_and(|commit| !commit.as_str().is_some_and(is_own_commit));
                !other && !has("repository") && !has("path")
            }
            "docker/build-push-action" => !has("outputs"),
            name => KEEPING.contains(&name) || name.starts_with("actions/setup-"),
        };
    }
    let is_shell =
        step.get("shell").and_then(Node::as_str).is_none_or(|shell| matches!(shell, "sh" | "bash"));
    is_shell && step.get("run").and_then(Node::as_str).is_some_and(script_keeps_files)
}

/// Whether the commit that is checked out is the one that the workflow runs for.
fn is_own_commit(commit: &str) -> bool {
    let inside = commit.trim().strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
    inside.is_some_and(|expression| OWN_COMMITS.contains(&expression.trim()))
}

fn script_keeps_files(text: &str) -> bool {
    let text = plain(text);
    // No place is asked of it, so any file will do.
    let Ok(script) = shell::read(Embedded::whole(policy_text::source::FileId(0), &text)) else {
        return false;
    };
    let ran = run(&script, State::default());
    !ran.cut_off && ran.commands.iter().all(command_keeps_files)
}

fn command_keeps_files(command: &Command) -> bool {
    let into_file = command
        .output
        .as_ref()
        .and_then(Word::first)
        .is_some_and(|target| !NO_FILES.contains(&target.to_string().as_str()));
    let Some((program, arguments)) = without_wrappers(&command.words).split_first() else {
        return !into_file;
    };
    let Some(program) = program.known() else { return false };
    let exports = arguments.iter().any(|word| {
        word.first()
            .is_some_and(|word| ["-o", "--output"].iter().any(|flag| word.known_prefix().starts_with(flag)))
    });
    let verb = || arguments.iter().filter_map(Word::known).find(|word| !word.starts_with('-'));
    let keeps = KEEPERS.iter().any(|(name, verbs)| {
        *name == program && (verbs.is_empty() || verb().is_some_and(|verb| verbs.contains(&verb.as_ref())))
    });
    keeps && !into_file && !(program == "docker" && exports)
}
