//! `docker/copy-of-missing-path`

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::context::{Build, BuildContext, Contents, KnownBy, Lack};
use policy_core::rule::Context;
use policy_core::source::{RepoPath, Sources, Span};

use super::build_source;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // Several requests may build the same.
    let mut findings: BTreeMap<Span, Finding> = BTreeMap::new();
    for built in &context.deployment.contexts {
        for build in &built.builds {
            for lack in &build.lacks {
                findings.entry(lack.at).or_insert_with(|| cannot_copy(lack, built, build, context.sources));
            }
        }
    }
    findings.into_values().collect()
}

fn cannot_copy(lack: &Lack, context: &BuildContext, build: &Build, sources: &Sources<'_>) -> Finding {
    let who = match &build.known_by {
        KnownBy::Request(_, who) => who.to_string(),
        KnownBy::Copies | KnownBy::OwnFolder => "the build".to_owned(),
    };
    let path = context.relative(&lack.path).unwrap_or(lack.path.as_str());
    let folder = &context.folder;
    let place = lack.elsewhere.as_ref();
    let (message, label, help) = match lack.contents {
        Contents::Commit { after_others } => (
            format!(
                "the Dockerfile copies `{path}`, but {who} builds from the git commit, which does not contain it: the build fails"
            ),
            "this is not in the commit",
            if after_others {
                format!(
                    "set `context: {folder}` on the step, so that it builds from the folder that earlier steps wrote to"
                )
            } else {
                mend(path, place, context, build, sources)
            },
        ),
        Contents::Checkout => (
            format!(
                "the Dockerfile copies `{path}`, but the repository does not contain it, and nothing creates it before {who}: the build fails"
            ),
            "this is not in a fresh checkout",
            mend(path, place, context, build, sources),
        ),
        Contents::Folder => (
            match place {
                Some(place) => format!(
                    "the Dockerfile copies `{path}`, which is not in build context `{folder}` but at `{place}`: the build fails"
                ),
                None => format!(
                    "the Dockerfile copies `{path}`, which is not in build context `{folder}`: the build fails"
                ),
            },
            "Docker cannot find this in the build context",
            mend(path, place, context, build, sources),
        ),
    };
    let mut finding = Finding::new(message, Label::new(lack.at, label))
        .help(help)
        .build_context(folder.clone())
        .evidence(build_source::known_by(context, build));
    if lack.is_left_out_by_git {
        finding = finding.evidence(format!("git ignores `{}`", lack.path));
    }
    if let Some(file) = place.and_then(|place| sources.find(place)) {
        finding =
            finding.related(Label::new(Span::start_of(file), format!("`{}` is here", lack.path.file_name())));
    }
    build_source::requested_at(context, build).into_iter().fold(finding, Finding::related)
}

/// What to do if only the path is wrong, or if the file does not exist at all.
fn mend(
    path: &str,
    place: Option<&RepoPath>,
    context: &BuildContext,
    build: &Build,
    sources: &Sources<'_>,
) -> String {
    let Some(place) = place else {
        return format!(
            "commit `{path}`, create it before the build, or create it in a stage of the Dockerfile"
        );
    };
    // The path would be right with the Dockerfile's own folder as the context.
    let own = sources.folder_of(build.dockerfile.file());
    let rather = if own.join(path).as_ref() == Some(place) { Some(own) } else { None };
    match (context.relative(place), rather) {
        (Some(within), Some(own)) => format!("copy `{within}`, or build with the context `{own}`"),
        (Some(within), None) => format!("copy `{within}`, or move it to `{path}`"),
        (None, _) => {
            format!("build with a context that contains `{place}`, or move it into `{}`", context.folder)
        }
    }
}
