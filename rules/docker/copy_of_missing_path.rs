//! A COPY or ADD names a path that the build context does not contain.

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::context::{Build, BuildContext, Contents, KnownBy, Lack};
use policy_core::rule::Context;
use policy_core::source::{RepoPath, Sources, Span};

use super::build_source;
use crate::wording::listed;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // Several requests may build the same.
    let mut findings: BTreeMap<Span, Finding> = BTreeMap::new();
    for built in &context.deployment.contexts {
        for build in &built.builds {
            for cause in causes(build) {
                let at = cause.first.at;
                findings.entry(at).or_insert_with(|| cannot_copy(&cause, built, build, context.sources));
            }
        }
    }
    findings.into_values().collect()
}

/// What has to change once: a path, or the context that all of them are not written for.
struct Cause<'d> {
    first: &'d Lack,
    /// What else cannot be copied because of it, or where it is copied again.
    others: Vec<&'d Lack>,
    /// The context that the paths are written for.
    right_context: Option<&'d RepoPath>,
}

fn causes(build: &Build) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    for lack in &build.lacks.sources {
        let right_context = build.lacks.right_context.as_ref().filter(|_| lack.elsewhere.is_some());
        let same = |cause: &&mut Cause<'_>| {
            cause.first.path == lack.path || right_context.is_some() && cause.right_context == right_context
        };
        match causes.iter_mut().find(same) {
            Some(cause) => cause.others.push(lack),
            None => causes.push(Cause { first: lack, others: Vec::new(), right_context }),
        }
    }
    causes
}

fn cannot_copy(cause: &Cause<'_>, context: &BuildContext, build: &Build, sources: &Sources<'_>) -> Finding {
    let who = match &build.known_by {
        KnownBy::Request(_, who) => who.to_string(),
        KnownBy::Copies | KnownBy::OwnFolder => "the build".to_owned(),
    };
    let lack = cause.first;
    let path = context.relative(&lack.path).unwrap_or(lack.path.as_str());
    let folder = &context.folder;
    let place = lack.elsewhere.as_ref();
    let (message, label, help) = match (lack.contents, cause.right_context) {
        (Contents::Commit { after_others }, _) => (
            format!(
                "the Dockerfile copies `{path}`, but {who} builds from the git commit, which does not contain it: the build fails"
            ),
            "the commit does not contain this path",
            if after_others {
                format!(
                    "set `context: {folder}` on the step: then it builds from the folder that earlier steps wrote to"
                )
            } else {
                mend(path, place, context)
            },
        ),
        (_, Some(right)) => (
            format!(
                "the Dockerfile copies {} from `{right}`, but {who} builds with the context `{folder}`: the build fails",
                listed(&paths(cause, context))
            ),
            "Docker cannot find this in the build context",
            format!(
                "build with the context `{right}` and the Dockerfile `{}`",
                sources.path(build.dockerfile.file())
            ),
        ),
        (Contents::Checkout, None) => (
            format!(
                "the Dockerfile copies `{path}`, but the repository does not contain it, and nothing creates it before {who}: the build fails"
            ),
            "git does not contain this path",
            mend(path, place, context),
        ),
        (Contents::Folder, None) => (
            match place {
                Some(place) => format!(
                    "the Dockerfile copies `{path}`, which is not in build context `{folder}` but at `{place}`: the build fails"
                ),
                None => format!(
                    "the Dockerfile copies `{path}`, which is not in build context `{folder}`, and nothing in the repository creates it: the build fails"
                ),
            },
            "Docker cannot find this in the build context",
            mend(path, place, context),
        ),
    };
    let mut finding = Finding::new(message, Label::new(lack.at, label))
        .help(help)
        .build_context(folder.clone())
        .evidence(build_source::known_by(context, build));
    if lack.is_left_out_by_git {
        finding = finding.evidence(format!("git ignores `{}`", lack.path));
    }
    for other in &cause.others {
        finding = finding.related(Label::new(other.at, "this is missing too"));
    }
    if let Some(file) = place.and_then(|place| sources.find(place)) {
        finding =
            finding.related(Label::new(Span::start_of(file), format!("`{}` is here", lack.path.file_name())));
    }
    build_source::requested_at(context, build).into_iter().fold(finding, Finding::related)
}

/// What cannot be copied, as it is written, each once.
fn paths(cause: &Cause<'_>, context: &BuildContext) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for lack in std::iter::once(cause.first).chain(cause.others.iter().copied()) {
        let path = context.relative(&lack.path).unwrap_or(lack.path.as_str()).to_owned();
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// What to do if only the path is wrong, or if the file does not exist at all.
fn mend(path: &str, place: Option<&RepoPath>, context: &BuildContext) -> String {
    let Some(place) = place else {
        return format!(
            "commit `{path}`, create it before the build, or create it in a stage of the Dockerfile"
        );
    };
    match context.relative(place) {
        Some(within) => format!("copy `{within}`, or move it to `{path}`"),
        None => format!("build with a context that contains `{place}`, or move it into `{}`", context.folder),
    }
}
