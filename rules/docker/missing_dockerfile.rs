//! `docker/missing-dockerfile`

use policy_core::finding::{Finding, Label};
use policy_core::model::context::{BrokenBuild, Missing};
use policy_core::rule::Context;
use policy_core::source::Span;

/// Folders of a repository whose contents are made up, or are there to be filled in.
const NOT_BUILT: &[&str] =
    &["fixtures", "__fixtures__", "testdata", "test-fixtures", "templates", "template"];

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let real = context.deployment.broken_builds.iter().filter(|build| is_real(build, context));
    let mut findings: Vec<(&BrokenBuild, Finding)> = Vec::new();
    for build in real {
        let same = |other: &&BrokenBuild| other.missing == build.missing && other.context == build.context;
        match findings.iter_mut().find(|(other, _)| same(other)) {
            // One missing thing is one fault, however many builds ask for it.
            Some((first, finding)) if first.at != build.at => {
                let also = Label::new(build.at, format!("{} asks for it, too", build.by));
                *finding = finding.clone().related(also);
            }
            Some(_) => {}
            None => findings.push((build, cannot_start(build, context))),
        }
    }
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// Whether the file that asks for the build is more than an example, or a template of a project to come.
fn is_real(build: &BrokenBuild, context: &Context<'_>) -> bool {
    let path = context.sources.path(build.at.file);
    !path.components().any(|part| NOT_BUILT.contains(&part) || part.contains("{{"))
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
