//! A file of which a part was left out, because to follow it costs more than a file may.

use policy_core::ProblemKind;
use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let left_out = context.problems.iter().filter(|problem| problem.kind == ProblemKind::TooCostly);
    left_out
        .map(|problem| {
            Finding::new(problem.message.clone(), Label::new(problem.at, "")).help(
                "write it in fewer or smaller parts, or list the file under `exclude` in portcullis.toml",
            )
        })
        .collect()
}
