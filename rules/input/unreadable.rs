//! A file that could not be read or understood, whole or in part.

use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;
use policy_core::{Problem, ProblemKind, purpose};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // What tests are given may be broken on purpose.
    let is_meant = |problem: &&Problem| purpose::is_test_data(context.sources.path(problem.at.file));
    let unreadable = context.problems.iter().filter(|problem| problem.kind == ProblemKind::Unreadable);
    let unreadable = unreadable.filter(|problem| !is_meant(problem));
    let finding = |problem: &Problem| {
        Finding::new(problem.message.clone(), Label::new(problem.at, ""))
            .help("fix the file; if it is broken on purpose, list it under `exclude` in portcullis.toml")
    };
    unreadable.map(finding).collect()
}
