//! `docker/copy-of-missing-path`

use std::collections::BTreeMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::context::{Build, BuildContext, Contents, KnownBy, Lack};
use policy_core::rule::Context;
use policy_core::source::{RepoPath, Sources, Span};

use super::build_source;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // Two requests for one build say the same.
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
                "the Dockerfile copies `{path}`, but {who} takes the commit from git, which does not hold it: the build fails"
            ),
            "this is not in the commit",
            if after_others {
                format!(
                    "set `context: {folder}` on the step, so that it builds from the folder that the steps before it filled"
                )
            } else {
                mend(path, place, context, build, sources)
            },
        ),
        Contents::Checkout => (
            format!(
                "the Dockerfile copies `{path}`, but the repository does not hold it and nothing before {who} makes it: the build fails"
            ),
            "this is not in a fresh checkout",
            mend(path, place, context, build, sources),
        ),
        Contents::Folder => (
            match place {
                Some(place) => format!(
                    "the Dockerfile copies `{path}`, which build context `{folder}` does not hold: it lies at `{place}`, so the build fails"
                ),
                None => format!(
                    "the Dockerfile copies `{path}`, which build context `{folder}` does not hold: the build fails"
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
        finding = finding
            .related(Label::new(Span::start_of(file), format!("`{}` lies here", lack.path.file_name())));
    }
    build_source::requested_at(context, build).into_iter().fold(finding, Finding::related)
}

/// What to do where nothing but the path is wrong, or the file is not there at all.
fn mend(
    path: &str,
    place: Option<&RepoPath>,
    context: &BuildContext,
    build: &Build,
    sources: &Sources<'_>,
) -> String {
    let Some(place) = place else {
        return format!("commit `{path}`, make it before the build, or make it in a stage of the Dockerfile");
    };
    // A path of the Dockerfile's own folder is one that was written for it.
    let own = sources.folder_of(build.dockerfile.file());
    let rather = if own.join(path).as_ref() == Some(place) { Some(own) } else { None };
    match (context.relative(place), rather) {
        (Some(within), Some(own)) => format!("copy `{within}`, or build with the context `{own}`"),
        (Some(within), None) => format!("copy `{within}`, or move it to `{path}`"),
        (None, _) => {
            format!("build with a context that holds `{place}`, or move it into `{}`", context.folder)
        }
    }
}
