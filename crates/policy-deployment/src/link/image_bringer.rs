//! Whether anything in a repository brings the images that its workflows push to the services that run them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use policy_text::source::{FileId, RepoPath, Sources};
use policy_text::yaml::Node;

use super::signs::Signs;
use crate::files::Parsed;
use crate::files::yaml_file::Flavour;
use crate::model::AwsRoot;
use crate::model::commit_pushes::CommitPushes;
use crate::model::image::{ImageRole, ImageUse};

/// What is written where something deploys, or where something that cannot be followed may do it, beside the signs of any
/// deployment.
const SIGNS: [&str; 16] = [
    "run-task",
    "copilot",
    "codebuild",
    "ecr image action",
    "argocd",
    "atlantis",
    "spacelift",
    "env0",
    "hashicorp/tfc",
    "app.terraform.io",
    "pulumi",
    "cdk deploy",
    "sam deploy",
    "serverless deploy",
    "cloudformation",
    "ansible",
];

/// Programs that apply infrastructure, with what they are told.
const APPLIES: [&str; 6] =
    ["terraform apply", "tofu apply", "terragrunt", "-auto-approve", "terraform -chdir", "tf apply"];

/// What is written where a schedule or an event starts a task.
const STARTERS: [&str; 3] = ["ecs_target", "ecs_parameters", "ecsparameters"];

/// Files that are read by people alone.
const PROSE: [&str; 5] = ["md", "mdx", "txt", "rst", "example"];

/// What workflows push with each commit, and whether anything deploys it: that is looked for where it matters, where a workflow
/// pushes and a task may run what it pushes.
pub(super) fn commit_pushes(
    parsed: &Parsed,
    images: &[ImageUse],
    roots: &[AwsRoot],
    sources: &Sources<'_>,
) -> CommitPushes {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of_deployments(SIGNS.into_iter().chain(APPLIES)));
    static STARTS: LazyLock<Signs> = LazyLock::new(|| Signs::of(STARTERS));
    let workflows = parsed.yaml.iter().filter(|(_, file)| file.flavour == Flavour::Workflow);
    let on_push =
        workflows.filter(|(_, file)| file.yaml.root().and_then(|root| root.get("on")).is_some_and(is_push));
    let workflows: BTreeSet<FileId> = on_push.map(|(file, _)| *file).collect();
    let pushes =
        images.iter().any(|image| image.role == ImageRole::Pushed && workflows.contains(&image.at.file));
    let matters = pushes && roots.iter().any(|root| !root.task_definitions.is_empty());
    let may_be_deployed = matters && ALL.are_written(sources, |path| !is_prose(path));
    let starts_tasks = matters && !may_be_deployed && STARTS.are_written(sources, |path| !is_prose(path));
    CommitPushes { workflows, may_be_deployed, starts_tasks }
}

fn is_push(on: Node<'_>) -> bool {
    if on.as_str() == Some("push") || on.items().any(|event| event.as_str() == Some("push")) {
        return true;
    }
    // Tags alone are those of releases.
    on.entries().iter().any(|(name, event)| {
        name.as_str() == Some("push") && (event.get("tags").is_none() || event.get("branches").is_some())
    })
}

fn is_prose(path: &RepoPath) -> bool {
    path.extension().is_some_and(|extension| PROSE.contains(&extension.to_ascii_lowercase().as_str()))
}
