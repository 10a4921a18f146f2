//! A COPY or ADD names a path that the ignore file excludes.

use policy_core::dockerignore::{IgnoreFile, Pattern};
use policy_core::finding::{Finding, Label};
use policy_core::model::context::{Build, BuildContext, KnownBy, Source, Taken};
use policy_core::rule::Context;
use policy_core::source::RepoPath;

use super::build_source;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for built in &context.deployment.contexts {
        let Some(ignore) = &built.ignore else { continue };
        for build in built.builds.iter().filter(|build| is_sure(build, context)) {
            for taken in &build.takes {
                let kept_out = taken.required().and_then(|path| Some((kept_out(&path, ignore)?, path)));
                if let Some((by, path)) = kept_out
                    && !(by.path.contains('*') && lies_beside(&path, build, built, context))
                {
                    findings.push(copies_ignored(taken, &path, by, built, build));
                }
            }
        }
    }
    // Several requests may build the same.
    findings.sort_by_key(|finding: &Finding| finding.primary.span);
    findings.dedup_by_key(|finding| finding.primary.span);
    findings
}

/// Whether the context is known, not just likely. A script may build a Dockerfile of another name from a folder that it
/// fills itself.
fn is_sure(build: &Build, context: &Context<'_>) -> bool {
    match build.known_by {
        KnownBy::Request(..) => true,
        KnownBy::OwnFolder => context.sources.path(build.dockerfile.file()).file_name() == "Dockerfile",
        KnownBy::Copies => false,
    }
}

/// Whether `path` is there beside the Dockerfile, and not in the context: whoever sends it sends the wrong folder.
fn lies_beside(path: &str, build: &Build, sent: &BuildContext, context: &Context<'_>) -> bool {
    let sources = context.sources;
    let is_in = |folder: &RepoPath| {
        folder.join(path).is_some_and(|path| sources.find(&path).is_some() || sources.is_folder(&path))
    };
    !is_in(&sent.folder) && is_in(&sources.folder_of(build.dockerfile.file()))
}

/// The pattern that excludes all of `path`.
fn kept_out<'a>(path: &str, ignore: &'a IgnoreFile) -> Option<&'a Pattern> {
    let decision = ignore.decide(path);
    decision.by.filter(|_| decision.excluded && !ignore.may_reenter(path))
}

fn copies_ignored(taken: &Taken, path: &str, by: &Pattern, context: &BuildContext, build: &Build) -> Finding {
    let copies = match &taken.source {
        Source::Path(_) => "copies",
        Source::Glob(_) => "copies from",
    };
    let message = format!(
        "the Dockerfile {copies} `{path}`, but the ignore file of build context `{}` excludes it: the build fails",
        context.folder
    );
    let finding = Finding::new(message, Label::new(taken.at, "Docker cannot find this in the build context"))
        .related(Label::new(by.span, format!("this pattern excludes `{path}`")))
        .help(format!("add `!{path}` after that pattern, or stop copying `{path}`"))
        .build_context(context.folder.clone())
        .evidence(build_source::known_by(context, build));
    build_source::requested_at(context, build).into_iter().fold(finding, Finding::related)
}
