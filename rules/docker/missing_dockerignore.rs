//! `docker/missing-dockerignore`

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::context::{Build, BuildContext, SentCache, Taken};
use policy_core::rule::Context;
use policy_core::source::{Sources, Span};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context
        .deployment
        .contexts
        .iter()
        .filter_map(|built| has_no_ignore_file(built, context.sources))
        .collect()
}

fn has_no_ignore_file(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    if context.ignore.is_some() {
        return None;
    }
    let sent = context.sent_caches();
    match sent.iter().find(|sent| sent.cache.is_fault()) {
        Some(first) => Some(sends_caches(context, first, &sent, sources)),
        None => sends_everything(context),
    }
}

fn sends_caches(
    context: &BuildContext,
    first: &SentCache<'_>,
    sent: &[SentCache<'_>],
    sources: &Sources<'_>,
) -> Finding {
    let sure: Vec<SentCache<'_>> = sent.iter().filter(|sent| sent.cache.is_fault()).copied().collect();
    let names = super::names(&sure);
    let listed = super::listed(&names);
    let message = format!(
        "build context `{}` has no `.dockerignore`, so {listed} {} sent to Docker and copied into {}",
        context.folder,
        if names.len() == 1 { "is" } else { "are" },
        if sure.iter().any(|sent| sent.taken.in_final_image) { "the image" } else { "a stage of the build" },
    );
    let finding = finding(message, context, first.build, first.taken)
        .help(format!("add `{}` with a line for each", ignore_path(context)));
    let finding = super::evidence(&sure).into_iter().fold(finding, Finding::related);
    match context.folder.join(".dockerignore") {
        Some(path) => finding.fix(Fix {
            title: format!("create `{path}`"),
            applicability: Applicability::Safe,
            edits: vec![Edit::Create {
                path,
                text: new_file(context, first.build, &super::lines(sent, context, sources)),
            }],
        }),
        None => finding,
    }
}

/// The lines, after one for the history of the repository where it would be sent and no command of the build asks for it.
fn new_file(context: &BuildContext, build: &Build, lines: &[String]) -> String {
    let needs_history = build.programs.say(|word| word == "git");
    let history = (context.folder.is_root() && !needs_history).then(|| ".git".to_owned());
    history.iter().chain(lines).flat_map(|line| [line, "\n"]).collect()
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
