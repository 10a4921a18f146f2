//! Whether anything beside Terraform gives services new task definitions.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use policy_text::source::{FileId, Sources};
use rayon::prelude::*;

use crate::commands;
use crate::model::AwsRoot;

/// What is written where services are given new task definitions, or where something that cannot be followed may do it,
/// beside the commands that are followed: calls of libraries, actions and orbs, tools, permissions, pipelines that start
/// others.
const SIGNS: [&str; 38] = [
    "update-service",
    "update_service",
    "updateservice",
    "register_task_definition",
    "registertaskdefinition",
    "ecs_deploy",
    "ecs deploy",
    "ecsdeploy",
    "deploy-ecs",
    "deploy-to-ecs",
    "deploy-task-definition",
    "deploy_task_definition",
    "ecs-render",
    "ecs-task",
    "ecs_taskdefinition",
    "ecs_service:",
    "aws-ecs@",
    "aws-ecs/",
    "ecs-cli",
    "ecspresso",
    "copilot svc",
    "copilot deploy",
    "copilot-cli",
    "codedeploy",
    "codepipeline",
    "imagedefinitions",
    "spinnaker",
    "harness.io",
    "octopus",
    "-replace",
    "terraform taint",
    "tofu taint",
    "repository_dispatch",
    "repository-dispatch",
    "/dispatches",
    "workflow run",
    "@library",
    "/.github/workflows/",
];

/// Files over this size are not written by hand.
const MAX_BYTES: usize = 1 << 20;

/// Whether anything shows that, looked for where it matters: a service ignores changes of its task definition.
pub(super) fn is_there(roots: &[AwsRoot], sources: &Sources<'_>) -> bool {
    let mut services = roots.iter().flat_map(|root| &root.services);
    let matters = services.any(|service| service.ignores_task_definition.is_some() && service.certain);
    matters && {
        let files: Vec<FileId> = sources.files().map(|(file, _)| file).collect();
        files.par_iter().any(|&file| has_sign(file, sources))
    }
}

fn has_sign(file: FileId, sources: &Sources<'_>) -> bool {
    static SEARCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let signs = SIGNS.into_iter().chain(commands::signs_of_new_tasks());
        AhoCorasick::builder().ascii_case_insensitive(true).build(signs).ok()
    });
    // What cannot be read may hold one.
    let (Some(searcher), Ok(decoded)) = (&*SEARCHER, sources.read(file)) else { return true };
    // A workflow of this repository that another one uses is among the files itself.
    decoded.text.len() <= MAX_BYTES && searcher.is_match(&decoded.text.replace("./.github/workflows/", ""))
}
