//! A line of an ignore file that Docker rejects, and with it every build that sends the folder.
//!
//! Proved are: the pattern is one that Go's `filepath.Match` or its regular expressions refuse, which `BuildKit` asks before it
//! sends a file; and a build with this ignore file copies something of its context, without which Docker asks for none.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::context::BuildContext;
use policy_core::rule::Context;
use policy_core::{Problem, ProblemKind};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let rejected = context.problems.iter().filter(|problem| problem.kind == ProblemKind::Rejected);
    rejected.map(|problem| finding(problem, &context.deployment.contexts)).collect()
}

fn finding(problem: &Problem, contexts: &[BuildContext]) -> Finding {
    let uses =
        |built: &&BuildContext| built.ignore.as_ref().is_some_and(|ignore| ignore.file == problem.at.file);
    let sent = contexts
        .iter()
        .filter(uses)
        .find_map(|built| Some((built, built.builds.iter().flat_map(|build| &build.takes).next()?)));
    let message = match sent {
        Some((built, _)) => format!("{}, so the build of context `{}` fails", problem.message, built.folder),
        None => format!("{}, so every build that uses this ignore file fails", problem.message),
    };
    let finding = Finding::new(message, Label::new(problem.at, "Docker stops at this line"))
        .help("correct or remove the line: `]` closes a list of characters, `\\[` matches a literal `[`, and `/` separates folders");
    match sent {
        Some((built, taken)) => finding
            .related(Label::new(taken.instruction, "Docker reads the ignore file for this instruction"))
            .build_context(built.folder.clone()),
        None => finding.severity(Severity::Warning),
    }
}
