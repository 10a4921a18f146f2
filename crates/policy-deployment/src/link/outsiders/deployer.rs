//! Whether anything beside Terraform gives services new task definitions.

use std::sync::LazyLock;

use policy_text::source::Sources;

use crate::link::signs::Signs;
use crate::model::AwsRoot;

/// What shows that beside the signs of any deployment: permissions, tools, libraries of pipelines.
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

/// Whether anything shows that, looked for where it matters: a service ignores changes of its task definition.
pub(super) fn is_there(roots: &[AwsRoot], sources: &Sources<'_>) -> bool {
    static ALL: LazyLock<Signs> = LazyLock::new(|| Signs::of_deployments(SIGNS).outside(OWN_WORKFLOWS));
    let mut services = roots.iter().flat_map(|root| &root.services);
    let matters = services.any(|service| service.ignores_task_definition.is_some() && service.certain);
    matters && ALL.are_written(sources, |_| true)
}
