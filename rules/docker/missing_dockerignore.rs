//! A folder is copied from a build context that has no ignore file.

use std::collections::BTreeSet;

use policy_core::finding::{Applicability, Edit, Finding, Fix, Label};
use policy_core::model::context::{Build, BuildContext, Cache, SentCache, Taken};
use policy_core::rule::Context;
use policy_core::source::{FileId, Sources, Span};

use super::{build_source, sent_directories};
use crate::wording::listed;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let contexts = &context.deployment.contexts;
    let read: BTreeSet<FileId> =
        contexts.iter().filter_map(|built| built.ignore.as_ref()).map(|ignore| ignore.file).collect();
    let without = contexts.iter().filter(|built| built.ignore.is_none());
    let found = without.filter_map(|built| {
        let finding = has_no_ignore_file(built, context.sources)?;
        Some(unread(built, &read, context.sources).into_iter().fold(finding, Finding::related))
    });
    found.collect()
}

/// Ignore files deeper in the context, which have no effect there.
fn unread(context: &BuildContext, read: &BTreeSet<FileId>, sources: &Sources<'_>) -> Vec<Label> {
    let ignores = sources.files_within(&context.folder).filter(|(file, path)| {
        path.file_name() == ".dockerignore"
            && !read.contains(file)
            && context.relative(path).is_some_and(|path| context.takes().any(|(_, taken)| taken.covers(path)))
    });
    let label = |(file, _)| {
        Label::new(
            Span::start_of(file),
            format!("no build uses this file: the build context is `{}`", context.folder),
        )
    };
    ignores.take(2).map(label).collect()
}

/// What is found of a context without an ignore file.
pub(super) fn has_no_ignore_file(context: &BuildContext, sources: &Sources<'_>) -> Option<Finding> {
    let sent = context.sent_caches();
    let faults: Vec<SentCache<'_>> = sent.iter().filter(|sent| sent.cache.is_harmful()).copied().collect();
    if !faults.is_empty() {
        return sends_caches(context, &faults, &sent, sources);
    }
    // The output of an earlier build matters only if it gets into the image.
    let outputs: Vec<SentCache<'_>> =
        sent.iter().filter(|sent| sent.cache.always_exists() && sent.taken.in_final_image).copied().collect();
    sends_everything(context).or_else(|| sends_caches(context, &outputs, &sent, sources))
}

/// The message names the directories in `sure`; the new ignore file excludes all that are `sent`.
fn sends_caches(
    context: &BuildContext,
    sure: &[SentCache<'_>],
    sent: &[SentCache<'_>],
    sources: &Sources<'_>,
) -> Option<Finding> {
    let first = sent_directories::most_telling(sure, sources)?;
    let named = listed(&sent_directories::names(sure));
    let message = format!(
        "build context `{}` has no `.dockerignore`, so {named} can end up in {}",
        context.folder,
        sent_directories::destination(sure.iter().any(|sent| sent.taken.in_final_image)),
    );
    let finding = finding(message, context, first.build, first.taken)
        .help(format!("create `{}` and exclude {named} there", ignore_path(context)));
    let finding = sent_directories::on_disk(sure).fold(finding, Finding::evidence);
    let finding = sent_directories::evidence(sure).into_iter().fold(finding, Finding::related);
    Some(match context.folder.join(".dockerignore") {
        Some(path) => finding.fix(Fix {
            title: format!("create `{path}`"),
            applicability: Applicability::Safe,
            edits: vec![Edit::Create {
                path,
                text: new_file(context, first.build, &sent_directories::lines(sent, true, context, sources)),
            }],
        }),
        None => finding,
    })
}

/// The lines, after one for the repository's history if it would be sent and no command of the build needs it.
fn new_file(context: &BuildContext, build: &Build, lines: &[(&Cache, String)]) -> String {
    let needs_history = build.programs.say(|word| word == "git");
    let history = (context.folder.is_root() && !needs_history).then(|| ".git".to_owned());
    history.iter().chain(lines.iter().map(|(_, line)| line)).flat_map(|line| [line, "\n"]).collect()
}

/// A whole folder of code is copied, although no tool is known to leave anything there. A copy in an earlier stage does
/// not matter, unless it includes the history of the repository.
fn sends_everything(context: &BuildContext) -> Option<Finding> {
    let (tool, evidence) = context.tool?;
    let matters = |taken: &Taken| taken.in_final_image || context.folder.is_root();
    let (build, taken) = context.takes().find(|(_, taken)| taken.is_everything() && matters(taken))?;
    let left_there = if context.folder.is_root() {
        "build outputs, editor files and the git history"
    } else {
        "build outputs and editor files"
    };
    let message = format!(
        "build context `{}` has no `.dockerignore`, so {left_there} can end up in {}",
        context.folder,
        sent_directories::destination(taken.in_final_image),
    );
    let finding = finding(message, context, build, taken)
        .related(Label::new(Span::start_of(evidence), format!("{tool} is used here")))
        .help(format!("create `{}` and exclude what the image does not need", ignore_path(context)));
    Some(finding)
}

fn finding(message: String, context: &BuildContext, build: &Build, taken: &Taken) -> Finding {
    let finding = Finding::new(
        message,
        Label::new(taken.instruction, "this copies a folder, and no ignore file filters it"),
    )
    .build_context(context.folder.clone())
    .evidence(build_source::known_by(context, build));
    build_source::requested_at(context, build).into_iter().fold(finding, Finding::related)
}

/// Where the ignore file of the context belongs.
pub(super) fn ignore_path(context: &BuildContext) -> String {
    context.folder.join(".dockerignore").map(|path| path.to_string()).unwrap_or_default()
}
