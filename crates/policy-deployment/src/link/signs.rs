//! Words that show that something deploys to ECS, looked for in every file where what a command does cannot be followed.

use aho_corasick::AhoCorasick;
use policy_text::source::{FileId, Sources};

use crate::commands;

/// What is written where services are given new tasks, beside the commands that are followed, in lower case: calls of
/// libraries, actions and orbs, tools, pipelines that start others.
const OF_DEPLOYMENTS: [&str; 28] = [
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
    "ecs_service:",
    "aws-ecs@",
    "aws-ecs/",
    "ecs-cli",
    "ecspresso",
    "codedeploy",
    "codepipeline",
    "imagedefinitions",
    "spinnaker",
    "harness.io",
    "octopus",
    "repository_dispatch",
    "repository-dispatch",
    "/dispatches",
    "workflow run",
];

/// Files over this size are not written by hand.
const MAX_BYTES: usize = 1 << 20;

/// Words to look for.
pub(super) struct Signs(Option<AhoCorasick>);

impl Signs {
    /// Those of deployments, and `further` ones.
    pub(super) fn with(further: impl IntoIterator<Item = &'static str>) -> Self {
        let all = OF_DEPLOYMENTS.into_iter().chain(further).chain(commands::signs_of_new_tasks());
        Self(AhoCorasick::builder().ascii_case_insensitive(true).build(all).ok())
    }

    /// Whether one stands in the file, once `harmless` is taken out of it. What cannot be read may hold one.
    pub(super) fn are_in(&self, file: FileId, sources: &Sources<'_>, harmless: Option<&str>) -> bool {
        let (Some(searcher), Ok(decoded)) = (&self.0, sources.read(file)) else { return true };
        decoded.text.len() <= MAX_BYTES
            && match harmless {
                Some(harmless) => searcher.is_match(&decoded.text.replace(harmless, "")),
                None => searcher.is_match(&*decoded.text),
            }
    }
}
