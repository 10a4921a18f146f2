//! A file or folder that is sent to Docker cannot be read.

use policy_core::finding::{Finding, Label};
use policy_core::model::context::BuildContext;
use policy_core::rule::Context;

use super::build_source;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.contexts.iter().flat_map(cannot_send).collect()
}

fn cannot_send(context: &BuildContext) -> Vec<Finding> {
    let sent = context.unreadable.iter().filter(|(path, _)| !context.excludes(path));
    let fails = sent.filter_map(|(path, reason)| {
        let relative = context.relative(path)?;
        let (build, taken) = context.takes().find(|(_, taken)| taken.covers(relative))?;
        let message = format!("`{path}` cannot be read ({reason}), so the build fails when Docker copies it");
        let finding = Finding::new(
            message,
            Label::new(taken.instruction, format!("this also copies `{relative}`")),
        )
        .help(format!(
            "add `{relative}` to the ignore file of build context `{}`, or let the user who runs the build read it",
            context.folder
        ))
        .build_context(context.folder.clone())
        .evidence(build_source::known_by(context, build));
        Some(build_source::requested_at(context, build).into_iter().fold(finding, Finding::related))
    });
    fails.collect()
}
