//! Whether anything beside Terraform gives services new tasks, and revisions of task definitions to run.

use std::sync::LazyLock;

use policy_text::source::Sources;

use crate::link::signs::Signs;
use crate::model::AwsRoot;
use crate::model::outsiders::Deployer;

/// What shows that revisions are made beside the signs of any deployment: permissions, tools, libraries of pipelines.
const SIGNS: [&str; 10] = [
    "ecs-task-def",
    "ecs_taskdefinition",
    "copilot svc",
    "copilot deploy",
    "copilot-cli",
    "-replace",
    "terraform taint",
    "tofu taint",
    "@library",
    "/.github/workflows/",
];

/// A workflow of this repository that another one uses is among the files itself.
const OWN_WORKFLOWS: &str = "./.github/workflows/";

/// Who deploys, looked for where it matters: a service ignores changes of its task definition.
pub(super) fn of(roots: &[AwsRoot], sources: &Sources<'_>) -> Deployer {
    static REVISIONS: LazyLock<Signs> = LazyLock::new(|| Signs::of_revisions(SIGNS).outside(OWN_WORKFLOWS));
    static RESTARTS: LazyLock<Signs> = LazyLock::new(Signs::of_restarts);
    let mut services = roots.iter().flat_map(|root| &root.services);
    let matters = services.any(|service| service.ignores_task_definition.is_some() && service.certain);
    if matters && REVISIONS.are_written(sources, |_| true) {
        Deployer::BringsRevisions
    } else if matters && RESTARTS.are_written(sources, |_| true) {
        Deployer::Restarts
    } else {
        Deployer::None
    }
}
