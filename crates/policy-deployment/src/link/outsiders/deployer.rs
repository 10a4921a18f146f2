//! Whether anything beside Terraform gives services new tasks, and revisions of task definitions to run.

use std::sync::LazyLock;

use crate::link::signs::Signs;
use crate::model::AwsRoot;

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

/// Whether it matters who deploys: a service ignores changes of its task definition.
pub(super) fn matters(roots: &[AwsRoot]) -> bool {
    let mut services = roots.iter().flat_map(|root| &root.services);
    services.any(|service| service.ignores_task_definition.is_some() && service.certain)
}

/// What shows that services are given new revisions.
pub(super) fn signs_of_revisions() -> &'static Signs {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of_revisions(SIGNS).outside(OWN_WORKFLOWS));
    &ALL
}

/// What shows that tasks are started anew as they are.
pub(super) fn signs_of_restarts() -> &'static Signs {
    static ALL: LazyLock<Signs> = LazyLock::new(Signs::of_restarts);
    &ALL
}
