//! The folder that a workflow's paths count from: the checkout, which need not be the root of the tree, nor this repository.

use policy_docker::build::{BuildRequest, DockerfileSource};
use policy_text::source::{RepoPath, Sources, Span};
use policy_text::yaml::{Node, Yaml};

use crate::found::Found;
use crate::read::handed_over;

/// Moves the builds of the file at `path` into the repository that it belongs to, and takes out those that it may do in
/// another one.
pub(super) fn settle(path: &RepoPath, yaml: &Yaml, found: &mut Found, sources: &Sources<'_>) {
    let home = path.ancestors().find(|folder| folder.file_name() == ".github").and_then(|own| own.parent());
    if let Some(home) = home.as_ref().filter(|home| !home.is_root()) {
        // A workflow below the root was copied from a repository of its own, or is to be moved to the root.
        for build in &mut found.builds {
            let moved = moved(build, home);
            if moved.can_start(sources) {
                *build = moved;
            }
        }
    }
    if home.as_ref().is_none_or(|home| !home.is_root()) || yaml.root().is_some_and(is_for_others) {
        let exists = |path: RepoPath| sources.find(&path).is_some();
        found.builds.retain(|build| build.dockerfiles().any(exists));
    }
    found.builds.retain(|build| {
        build.can_start(sources) || !yaml.root().is_some_and(|root| is_brought(root, build.at))
    });
}

/// How actions are named that bring files which the checkout does not have.
const BRINGING_ACTIONS: [&str; 5] = ["artifact", "download", "actions/cache", "fetch", "unzip"];

/// Programs that bring such files, each with the verb that does.
const BRINGING_PROGRAMS: [(&str, &str); 11] = [
    ("git", "clone"),
    ("git", "checkout"),
    ("git", "pull"),
    ("git", "submodule"),
    ("aws", "s3"),
    ("gh", "run"),
    ("gh", "release"),
    ("gsutil", ""),
    ("gcloud", "storage"),
    ("tar", ""),
    ("unzip", ""),
];

/// Whether a step of the job before the build at `at` may bring what is built.
fn is_brought(root: Node<'_>, at: Span) -> bool {
    let holds = |node: Node<'_>| node.span().start <= at.start && at.end <= node.span().end;
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let job = jobs.into_iter().map(|(_, job)| job).find(|job| holds(*job));
    let mut steps = job.and_then(|job| job.get("steps")).into_iter().flat_map(Node::items);
    steps.any(|step| step.span().start <= at.start && brings_files(step))
}

/// Adds what a job gets of jobs before it.
pub(super) fn add_downloads(job: Node<'_>, found: &mut Found) {
    for step in job.get("steps").into_iter().flat_map(Node::items) {
        let action = step.get("uses").and_then(Node::as_str).unwrap_or_default();
        if action.contains("download") && action.contains("artifact") {
            let folder = step.path(&["with", "path"]).and_then(Node::as_str).unwrap_or_default();
            handed_over::add(found, &RepoPath::root(), [folder], job.span());
        }
    }
}

fn brings_files(step: Node<'_>) -> bool {
    let text = |key: &str| step.get(key).and_then(Node::as_str).unwrap_or_default();
    let action = text("uses").split('@').next().unwrap_or_default();
    let by_action = !action.contains("upload") && BRINGING_ACTIONS.iter().any(|word| action.contains(word));
    let mut lines = text("run").lines().flat_map(|line| line.split(['&', ';', '|', '(']));
    by_action
        || lines.any(|command| {
            let mut words =
                command.split_whitespace().filter(|word| *word != "sudo" && !word.starts_with('-'));
            let (program, verb) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            BRINGING_PROGRAMS.iter().any(|(own, of)| *own == program && (of.is_empty() || *of == verb))
        })
}

fn moved(build: &BuildRequest, home: &RepoPath) -> BuildRequest {
    let mut moved = build.clone();
    if let Some(context) = home.join(build.context.as_str()) {
        moved.context = context;
    }
    if let Some(path) = build.dockerfile.path().and_then(|path| home.join(path.as_str())) {
        moved.dockerfile = DockerfileSource::File(path);
    }
    for folder in moved.named_contexts.values_mut().flatten() {
        if let Some(path) = home.join(folder.as_str()) {
            *folder = path;
        }
    }
    moved
}

/// Whether a workflow can run on files of another repository: one that calls it, or one that it checks out.
fn is_for_others(root: Node<'_>) -> bool {
    let only_called = root.get("on").is_some_and(|on| {
        on.as_str() == Some("workflow_call")
            || matches!(on.entries().as_slice(), [(trigger, _)] if trigger.as_str() == Some("workflow_call"))
    });
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    let mut steps = jobs.into_iter().filter_map(|(_, job)| job.get("steps")).flat_map(Node::items);
    only_called
        || steps.any(|step| {
            let checks_out = step
                .get("uses")
                .and_then(Node::as_str)
                .is_some_and(|action| action.starts_with("actions/checkout@"));
            checks_out && ["repository", "path"].iter().any(|key| step.path(&["with", key]).is_some())
        })
}
