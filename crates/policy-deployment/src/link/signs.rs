//! Words that show that something is done, looked for in every file where what code or a command does cannot be followed.

use std::sync::atomic::{AtomicBool, Ordering};

use aho_corasick::{AhoCorasick, MatchKind};
use policy_text::source::{FileId, RepoPath, Sources};
use rayon::prelude::*;

use crate::commands;

/// What is written where the tasks of services are started anew.
const OF_RESTARTS: [&str; 3] = ["update-service", "update_service", "updateservice"];

/// What is written where services are given new revisions of what they run, beside the commands that are followed: calls of libraries, actions and orbs, tools, pipelines that start others.
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
    /// `None` where there are too many words: then any text may hold one.
    searcher: Option<AhoCorasick>,
    /// What shows nothing although a sign stands in it, in lower case.
    harmless: Option<&'static str>,
}

impl Signs {
    /// These words.
    pub(super) fn of(words: impl IntoIterator<Item = &'static str>) -> Self {
        let words = words.into_iter().map(str::to_ascii_lowercase);
        // Only searches of this kind have a prefilter for many words, which does nearly all of the work.
        let searcher = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words).ok();
        Self { searcher, harmless: None }
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

    /// Whether one stands in a file whose path `counts`.
    pub(super) fn are_written(&self, sources: &Sources<'_>, counts: impl Fn(&RepoPath) -> bool) -> bool {
        let [is_written] = are_written([Some(self)], sources, counts);
        is_written
    }

    /// Whether one stands in a text, which is in lower case.
    fn are_in(&self, text: &str) -> bool {
        self.searcher.as_ref().is_none_or(|searcher| {
            searcher.is_match(text)
                && self.harmless.is_none_or(|harmless| searcher.is_match(&text.replace(harmless, "")))
        })
    }
}

/// Which of the signs stand in a file whose path `counts`, each file read once for all. What is not asked stands nowhere, and
/// what cannot be read may hold any.
pub(super) fn are_written<const N: usize>(
    asked: [Option<&Signs>; N],
    sources: &Sources<'_>,
    counts: impl Fn(&RepoPath) -> bool,
) -> [bool; N] {
    let searches = asked.map(|signs| signs.map(|signs| (signs, AtomicBool::new(false))));
    if searches.iter().all(Option::is_none) {
        return [false; N];
    }
    let is_open = |(_, found): &&(&Signs, AtomicBool)| !found.load(Ordering::Relaxed);
    let files: Vec<FileId> = sources.files().filter(|(_, path)| counts(path)).map(|(file, _)| file).collect();
    files.par_iter().for_each(|&file| {
        let mut open = searches.iter().flatten().filter(is_open).peekable();
        if open.peek().is_none() {
            return;
        }
        let text = sources.read_handwritten(file).map(|text| text.map(|text| text.to_ascii_lowercase()));
        for (signs, found) in open {
            let may_hold = match &text {
                Ok(Some(text)) => signs.are_in(text),
                Ok(None) => false,
                Err(_) => true,
            };
            if may_hold {
                found.store(true, Ordering::Relaxed);
            }
        }
    });
    searches.map(|search| search.is_some_and(|(_, found)| found.into_inner()))
}
