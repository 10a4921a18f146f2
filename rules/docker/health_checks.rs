//! The health checks that Docker itself runs: those of Dockerfiles and those of compose files, each with its image.

use std::collections::{HashMap, HashSet};

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::compose_service::{ComposeCheck, ComposeService};
use policy_core::model::context::DockerfilePlace;
use policy_core::model::probe::Probe;
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

/// A health check, and what runs it.
pub(super) struct Checked<'d> {
    /// The name of the service, or what the Dockerfile is called.
    pub(super) whose: String,
    pub(super) probe: &'d Probe,
    /// The images that are built for it. Empty for a public one.
    pub(super) images: Vec<&'d BuiltImage>,
    /// The public image that it is asked in, with its place.
    pub(super) public: Option<(String, Span)>,
    pub(super) role: Role,
}

/// Who depends on the answer.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// Another service, which waits here until it is well.
    Awaited(Span),
    /// Who looks at the container.
    Shown,
    /// Nobody here: each service that runs the image is asked in another way, or not at all.
    Replaced,
}

impl Checked<'_> {
    /// Says in a finding who depends on the answer.
    pub(super) fn explain(&self, finding: Finding) -> Finding {
        match self.role {
            Role::Awaited(at) => finding.related(Label::new(at, "another service waits for it here")),
            Role::Shown => finding,
            Role::Replaced => finding.severity(Severity::Note).evidence(
                "no compose service that runs this image uses its health check; only a container that is started without compose does",
            ),
        }
    }
}

/// All of them.
pub(super) fn all<'d>(context: &Context<'d>) -> Vec<Checked<'d>> {
    let services = &context.deployment.compose_services;
    let built = &context.deployment.built_images;
    let is_real = |service: &&ComposeService| !purpose::is_made_up(context.sources.path(service.at.file));
    let mut found: Vec<Checked<'d>> =
        services.iter().filter(is_real).filter_map(|service| of_compose(service, built)).collect();
    let mut running: HashMap<(DockerfilePlace, Span), Vec<&ComposeService>> = HashMap::new();
    for service in services {
        for image in service.built(built) {
            running.entry(stage_of(image)).or_default().push(service);
        }
    }
    let on_ecs = run_by_ecs(context);
    let mut checked: HashSet<Span> = found.iter().map(|checked| checked.probe.at).collect();
    for image in built {
        let Some(probe) = &image.stage.health_check else { continue };
        if checked.contains(&probe.at) {
            continue;
        }
        let by = running.get(&stage_of(image)).map(Vec::as_slice).unwrap_or_default();
        let left_to_image =
            |service: &&&ComposeService| matches!(service.check, None | Some(ComposeCheck::Other));
        let awaited = by.iter().filter(left_to_image).find_map(|service| service.awaited_at);
        let role = match awaited {
            Some(at) => Role::Awaited(at),
            None if !by.is_empty() && !by.iter().any(|service| left_to_image(&service)) => Role::Replaced,
            None => Role::Shown,
        };
        // ECS and Kubernetes do not look at it.
        let never_succeeds = probe.attempts.iter().flatten().any(|attempt| attempt.hopeless.is_some());
        let asked = never_succeeds || !by.is_empty() || !on_ecs.contains(&stage_of(image));
        if asked {
            checked.insert(probe.at);
            found.push(Checked {
                whose: context.sources.path(image.dockerfile.file()).to_string(),
                probe,
                images: vec![image],
                public: None,
                role,
            });
        }
    }
    found
}

/// The Dockerfile of an image and the `FROM` of its last stage.
fn stage_of(image: &BuiltImage) -> (DockerfilePlace, Span) {
    (image.dockerfile, image.stage.from)
}

/// The stages that containers of ECS run.
fn run_by_ecs(context: &Context<'_>) -> HashSet<(DockerfilePlace, Span)> {
    let roots = context.deployment.roots.iter();
    let containers =
        roots.flat_map(|root| &root.task_definitions).flat_map(|definition| &definition.containers);
    let images = containers.flat_map(|container| container.image.built(&context.deployment.built_images));
    images.map(stage_of).collect()
}

fn of_compose<'d>(service: &'d ComposeService, built: &'d [BuiltImage]) -> Option<Checked<'d>> {
    let Some(ComposeCheck::Probe(probe)) = &service.check else { return None };
    let images = service.built(built);
    let public = service.image.as_ref().filter(|_| !service.builds).and_then(|image| {
        let at = image.place()?;
        image.known().filter(|name| !name.contains('$')).map(|name| (name.into_owned(), at))
    });
    let is_known = !images.is_empty() || public.is_some();
    is_known.then(|| Checked {
        whose: service.name.clone(),
        probe,
        images,
        public,
        role: service.awaited_at.map_or(Role::Shown, Role::Awaited),
    })
}
