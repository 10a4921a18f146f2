//! `docker/missing-dockerignore`

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::context::{Build, BuildContext, SentCache, Taken};
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.deployment.contexts.iter().filter_map(has_no_ignore_file).collect()
}

fn has_no_ignore_file(context: &BuildContext) -> Option<Finding> {
    if context.ignore.is_some() {
        return None;
    }
    let sent = context.sent_caches();
    match sent.iter().find(|sent| sent.cache.is_fault) {
        Some(first) => Some(sends_caches(context, first, &sent)),
        None => sends_everything(context),
    }
}

fn sends_caches(context: &BuildContext, first: &SentCache<'_>, sent: &[SentCache<'_>]) -> Finding {
    let sure: Vec<SentCache<'_>> = sent.iter().filter(|sent| sent.cache.is_fault).copied().collect();
    let names = super::names(&sure);
    let listed = super::listed(&names);
    let message = format!(
        "build context `{}` has no `.dockerignore`, so {listed} {} sent to Docker and copied into the image",
        context.folder,
        if names.len() == 1 { "is" } else { "are" },
    );
    let finding = finding(message, context, first.build, first.taken)
        .help(format!("add `{}` with a line for each", ignore_path(context)));
    let finding = super::evidence(&sure).into_iter().fold(finding, Finding::related);
    match context.folder.join(".dockerignore") {
        Some(path) => finding.fix(Fix {
            title: format!("create `{path}`"),
            applicability: Applicability::Safe,
            edits: vec![Edit::Create { path, text: super::patterns(&super::names(sent), "\n") }],
        }),
        None => finding,
    }
}

/// The whole of a folder with code in it is copied, though no tool is known to leave anything there. What only an
/// earlier stage copies is gone with that stage, unless it is the whole history of the repository.
fn sends_everything(context: &BuildContext) -> Option<Finding> {
    let (tool, evidence) = context.tool?;
    let matters = |taken: &Taken| taken.in_final_image || context.folder.is_root();
    let (build, taken) = context.takes().find(|(_, taken)| taken.is_everything() && matters(taken))?;
    let leaving = if context.folder.is_root() { "builds, editors and git" } else { "builds and editors" };
    let message = format!(
        "build context `{}` has no `.dockerignore`, so all that {leaving} leave there is sent to Docker and copied into \
         the image",
        context.folder
    );
    let finding = finding(message, context, build, taken)
        .related(Label::new(Span::start_of(evidence), format!("{tool} is used here")))
        .help(format!("add `{}` and list what the image does not need", ignore_path(context)));
    Some(finding)
}

fn finding(message: String, context: &BuildContext, build: &Build, taken: &Taken) -> Finding {
    let finding = Finding::new(message, Label::new(taken.instruction, "nothing holds back what this takes"))
        .build_context(context.folder.clone())
        .evidence(super::known_by(context, build));
    super::requested_at(context, build).into_iter().fold(finding, Finding::related)
}

fn ignore_path(context: &BuildContext) -> String {
    context.folder.join(".dockerignore").map(|path| path.to_string()).unwrap_or_default()
}
