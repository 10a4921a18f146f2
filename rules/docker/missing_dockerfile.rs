//! `docker/missing-dockerfile`

use policy_core::finding::{Finding, Label};
use policy_core::model::context::{BrokenBuild, Missing};
use policy_core::rule::Context;
use policy_core::source::Span;

/// Folders of a repository whose contents are made up, or are there to be filled in.
const NOT_BUILT: &[&str] =
    &["fixtures", "__fixtures__", "testdata", "test-fixtures", "templates", "template"];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let builds = context.deployment.broken_builds.iter();
    builds
        .filter(|build| {
            !context.sources.path(build.at.file).components().any(|part| NOT_BUILT.contains(&part))
        })
        .map(|build| cannot_start(build, context))
        .collect()
}

fn cannot_start(build: &BrokenBuild, context: &Context<'_>) -> Finding {
    let by = &build.by;
    let (message, help) = match &build.missing {
        Missing::Context => (
            format!("{by} builds from the folder `{}`, which does not exist", build.context),
            "correct the path: it counts from the folder of the file that names it".to_owned(),
        ),
        Missing::Dockerfile(path) => (
            format!("{by} builds from `{path}`, which does not exist"),
            "correct the path of the Dockerfile or of the context".to_owned(),
        ),
        Missing::Stage(name, dockerfile) => (
            format!(
                "{by} builds the stage `{name}`, which `{}` does not have",
                context.sources.path(*dockerfile)
            ),
            format!("name a stage of the Dockerfile, or add `AS {name}` to one"),
        ),
    };
    let finding = Finding::new(message, Label::new(build.at, "this build cannot start"))
        .help(help)
        .build_context(build.context.clone());
    match &build.missing {
        Missing::Stage(name, dockerfile) => finding
            .related(Label::new(Span::start_of(*dockerfile), format!("no stage here is called `{name}`"))),
        Missing::Context | Missing::Dockerfile(_) => finding,
    }
}
