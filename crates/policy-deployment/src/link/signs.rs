//! Words that show that something is done, looked for in every file where what code or a command does cannot be followed.

use aho_corasick::AhoCorasick;
use policy_text::source::{FileId, RepoPath, Sources};
use rayon::prelude::*;

use crate::commands;

/// What is written where the tasks of services are started anew, in lower case.
const OF_RESTARTS: [&str; 3] = ["update-service", "update_service", "updateservice"];

/// What is written where services are given new revisions of what they run, beside the commands that are followed, in lower
/// case: calls of libraries, actions and orbs, tools, pipelines that start others.
const OF_REVISIONS: [&str; 25] = [
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

/// Words to look for, in whatever case.
pub(super) struct Signs {
    searcher: Option<AhoCorasick>,
    /// A text that shows nothing although a sign stands in it.
    harmless: Option<&'static str>,
}

impl Signs {
    /// These words.
    pub(super) fn of(words: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            searcher: AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok(),
            harmless: None,
        }
    }

    /// Those of deployments to ECS, and `further` ones.
    pub(super) fn of_deployments(further: impl IntoIterator<Item = &'static str>) -> Self {
        Self::of_revisions(OF_RESTARTS.into_iter().chain(further))
    }

    /// Those of deployments that bring a revision of their own, and `further` ones.
    pub(super) fn of_revisions(further: impl IntoIterator<Item = &'static str>) -> Self {
        Self::of(OF_REVISIONS.into_iter().chain(further).chain(commands::signs_of_new_tasks()))
    }

    /// Those of tasks that are started anew as they are.
    pub(super) fn of_restarts() -> Self {
        Self::of(OF_RESTARTS)
    }

    /// These, where they are not part of `harmless`.
    pub(super) fn outside(self, harmless: &'static str) -> Self {
        Self { harmless: Some(harmless), ..self }
    }

    /// Whether one stands in a file whose path `counts`. What cannot be read may hold one.
    pub(super) fn are_written(&self, sources: &Sources<'_>, counts: impl Fn(&RepoPath) -> bool) -> bool {
        let files: Vec<FileId> =
            sources.files().filter(|(_, path)| counts(path)).map(|(file, _)| file).collect();
        files.par_iter().any(|&file| self.are_in(file, sources))
    }

    fn are_in(&self, file: FileId, sources: &Sources<'_>) -> bool {
        let (Some(searcher), Ok(decoded)) = (&self.searcher, sources.read(file)) else { return true };
        decoded.is_written_by_hand()
            && searcher.is_match(&*decoded.text)
            && self.harmless.is_none_or(|harmless| searcher.is_match(&decoded.text.replace(harmless, "")))
    }
}
