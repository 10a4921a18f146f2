//! A folder is copied into an image together with a file that contains secrets.

use policy_core::finding::{Finding, Label};
use policy_core::model::context::{Build, BuildContext, Secret, Taken};
use policy_core::rule::Context;

use super::build_source;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.contexts.iter().flat_map(bakes_in).collect()
}

/// Secrets that get into an image because a folder is copied. A file that `COPY` names is copied on purpose.
fn bakes_in(context: &BuildContext) -> Vec<Finding> {
    let sent = context
        .secrets
        .iter()
        .filter(|secret| !context.excludes(&secret.path) && !is_let_in(secret, context));
    let baked = sent.filter_map(|secret| {
        let path = context.relative(&secret.path)?;
        let (build, taken) = context
            .takes()
            .find(|(_, taken)| taken.in_final_image && !taken.is_within(path) && taken.covers(path))?;
        Some(copies_secret(secret, path, context, build, taken))
    });
    baked.collect()
}

/// Whether an exception in the ignore file names the file, so that it is copied on purpose.
fn is_let_in(secret: &Secret, context: &BuildContext) -> bool {
    let path = context.relative(&secret.path);
    let mut patterns = context.ignore.iter().flat_map(|ignore| &ignore.patterns);
    patterns.any(|pattern| pattern.exception && Some(pattern.path.as_str()) == path)
}

fn copies_secret(
    secret: &Secret,
    path: &str,
    context: &BuildContext,
    build: &Build,
    taken: &Taken,
) -> Finding {
    let message = format!("`{}`, which contains {}, is copied into the image", secret.path, secret.holds);
    let finding = Finding::new(message, Label::new(taken.instruction, format!("this also copies `{path}`")))
        .help(format!(
            "add `{path}` to the ignore file of build context `{}`, and pass the value in when the container starts",
            context.folder
        ))
        .build_context(context.folder.clone())
        .evidence(build_source::known_by(context, build));
    build_source::requested_at(context, build).into_iter().fold(finding, Finding::related)
}
