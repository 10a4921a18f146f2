//! An image is pushed for other platforms than the one that its task runs on.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::build::Platforms;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::setting::Setting;
use policy_core::model::task_definition::{Architecture, Container, TaskDefinition};
use policy_core::rule::Context;
use policy_core::source::Span;

use crate::wording;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let mut found = Vec::new();
        for definition in &root.task_definitions {
            let Some(runs) = runs_on(root, definition) else { continue };
            let containers = definition.containers.iter();
            found.extend(containers.filter_map(|container| mismatch(context, container, &runs)));
        }
        found
    })
}

/// What a task runs on.
struct RunsOn<'a> {
    architecture: &'a Architecture,
    at: Span,
    label: &'static str,
}

fn runs_on<'a>(root: &'a AwsRoot, definition: &'a TaskDefinition) -> Option<RunsOn<'a>> {
    match &definition.architecture {
        Setting::Known(architecture, from) => {
            Some(RunsOn { architecture, at: from.at, label: "the task runs on this architecture" })
        }
        Setting::Unset if root.runs_on_fargate(definition) => Some(RunsOn {
            architecture: &Architecture::X86,
            at: definition.at,
            label: "Fargate runs a task on `X86_64` unless `runtime_platform` sets another architecture",
        }),
        Setting::Unset if definition.needs_fargate == Some(false) => {
            let (architecture, at) = root.machine_architecture.as_ref()?;
            Some(RunsOn { architecture, at: *at, label: "the instances of the cluster use this AMI" })
        }
        _ => None,
    }
}

fn mismatch(context: &Context<'_>, container: &Container, runs: &RunsOn<'_>) -> Option<Finding> {
    let built = &context.deployment.built_images;
    let needed = runs.architecture.in_platform()?;
    let linked = container.image.built(built);
    // A build of the same file that is not known to be for other platforms may be the one that is pushed.
    let same_file = |image: &&BuiltImage| {
        linked.iter().any(|own| own.dockerfile.file() == image.dockerfile.file())
            && image.asked_by.as_ref().is_some_and(|(_, asker)| !asker.is_compose_alone())
    };
    let all: Vec<&BuiltImage> = built.iter().filter(same_file).collect();
    let lacks = |image: &&BuiltImage| matches!(&image.platforms, Platforms::Of(all, _) if !all.iter().any(|name| name == needed));
    if !all.iter().all(lacks) {
        return None;
    }
    let pushed = all
        .into_iter()
        .find(|image| context.deployment.images.iter().any(|used| image.is_pushed_by(used)))?;
    let Platforms::Of(platforms, at) = &pushed.platforms else { return None };
    let listed = wording::listed(&platforms.iter().map(|name| format!("linux/{name}")).collect::<Vec<_>>());
    let whose = container.shown_name.as_str();
    let message = format!(
        "`{whose}` runs on {}, but its image is pushed for {listed} only: the task cannot start",
        runs.architecture
    );
    let finding = Finding::new(message, Label::new(*at, format!("the image is built for {listed}")));
    let finding = match &pushed.asked_by {
        Some((by, _)) if by != at => finding.related(Label::new(*by, "this builds the image")),
        _ => finding,
    };
    let finding = finding.related(Label::new(runs.at, runs.label));
    let image = container.images.first().map(|(_, at)| *at);
    let finding = match image {
        Some(at) => finding.related(Label::new(at, "the container runs the image")),
        None => finding,
    };
    Some(finding.help(format!(
        "build the image for linux/{needed} too, or run the task on the architecture that the image is built for"
    )))
}
