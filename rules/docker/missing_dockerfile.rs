//! A build names a context, a Dockerfile or a stage that does not exist.

use std::mem::discriminant;

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::context::{BrokenBuild, Missing};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

use crate::wording::listed;

/// One finding: a missing thing that any number of builds need, or all missing things that one place names.
struct Fault<'a> {
    first: &'a BrokenBuild,
    /// Other missing things that the same place names, as a matrix does.
    others: Vec<&'a BrokenBuild>,
    /// Other builds that need any of them.
    also: Vec<&'a BrokenBuild>,
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let real = context.deployment.broken_builds.iter().filter(|build| is_real(build, context));
    let mut faults: Vec<Fault<'_>> = Vec::new();
    for build in real {
        if let Some(fault) = faults.iter_mut().find(|fault| fault.lacks(build)) {
            fault.asked_for_by(build);
        } else if let Some(fault) = faults.iter_mut().find(|fault| fault.is_named_beside(build)) {
            fault.others.push(build);
        } else {
            faults.push(Fault { first: build, others: Vec::new(), also: Vec::new() });
        }
    }
    faults.iter().map(|fault| cannot_start(fault, context)).collect()
}

impl<'a> Fault<'a> {
    fn lacks(&self, build: &BrokenBuild) -> bool {
        let same = |other: &BrokenBuild| other.missing == build.missing && other.context == build.context;
        same(self.first) || self.others.iter().any(|other| same(other))
    }

    fn is_named_beside(&self, build: &BrokenBuild) -> bool {
        let is_stage = matches!(build.missing, Missing::Stage(..));
        self.first.at == build.at
            && !is_stage
            && discriminant(&self.first.missing) == discriminant(&build.missing)
    }

    fn asked_for_by(&mut self, build: &'a BrokenBuild) {
        if self.first.at != build.at && !self.also.iter().any(|other| other.at == build.at) {
            self.also.push(build);
        }
    }

    /// The missing things, each by its `name`.
    fn names(&self, name: impl Fn(&BrokenBuild) -> String) -> String {
        let mut names: Vec<String> = Vec::new();
        for named in std::iter::once(&self.first).chain(&self.others).map(|build| name(build)) {
            if !names.contains(&named) {
                names.push(named);
            }
        }
        listed(&names)
    }
}

/// Whether the file that asks for the build is neither test data nor a project template.
fn is_real(build: &BrokenBuild, context: &Context<'_>) -> bool {
    let path = context.sources.path(build.at.file);
    !purpose::is_test_data_or_template(path) && !path.as_str().contains("{{")
}

fn cannot_start(fault: &Fault<'_>, context: &Context<'_>) -> Finding {
    let build = fault.first;
    let by = &build.by;
    let all = || std::iter::once(&build).chain(&fault.others).chain(&fault.also);
    let is_beside = all().all(|build| build.lies_beside);
    let (folder, does) = if fault.others.is_empty() { ("folder", "does") } else { ("folders", "do") };
    let (message, help) = match &build.missing {
        Missing::Context => {
            let folders = fault.names(|build| build.context.to_string());
            (
                format!("{by} builds from the {folder} {folders}, which {does} not exist"),
                if is_beside {
                    "check the other repository out there, or let the service pull its image".to_owned()
                } else {
                    "correct the path of the build context".to_owned()
                },
            )
        }
        Missing::Dockerfile(_) => {
            let files = fault.names(|build| match &build.missing {
                Missing::Dockerfile(path) => path.to_string(),
                Missing::Context | Missing::Stage(..) => build.context.to_string(),
            });
            (
                format!("{by} builds from {files}, which {does} not exist"),
                "correct the path of the Dockerfile or of the build context".to_owned(),
            )
        }
        Missing::Stage(name, dockerfile) => (
            format!(
                "{by} builds the stage `{name}`, but `{}` has no stage of that name",
                context.sources.path(*dockerfile)
            ),
            format!("use the name of a stage in the Dockerfile, or add `AS {name}` to one"),
        ),
    };
    let mut finding = Finding::new(message, Label::new(build.at, "this build cannot start"))
        .help(help)
        .build_context(build.context.clone());
    if is_beside {
        finding = finding.severity(Severity::Warning);
    }
    for also in &fault.also {
        finding = finding.related(Label::new(also.at, format!("{} needs it too", also.by)));
    }
    match &build.missing {
        Missing::Stage(name, dockerfile) => finding.related(Label::new(
            Span::start_of(*dockerfile),
            format!("no stage in this file is named `{name}`"),
        )),
        Missing::Context | Missing::Dockerfile(_) => finding,
    }
}
