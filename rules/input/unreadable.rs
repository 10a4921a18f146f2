//! A file that could not be read or understood, whole or in part.

use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let finding = |problem: &policy_core::Problem| {
        Finding::new(problem.message.clone(), Label::new(problem.at, ""))
            .help("fix the file; if it is broken on purpose, list it under `exclude` in portcullis.toml")
    };
    context.problems.iter().map(finding).collect()
}
