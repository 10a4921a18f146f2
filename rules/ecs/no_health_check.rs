//! ECS services without any health check.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::service::Service;
use policy_core::model::task_definition::{Container, TaskDefinition};
use policy_core::rule::Context;

use crate::wording;

/// So many of them are pointed at.
const MAX_SHOWN: usize = 4;

/// A service that nothing asks, with the container that answers its requests.
struct Unasked<'d> {
    service: &'d Service,
    container: &'d Container,
    image: &'d BuiltImage,
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let unasked: Vec<Unasked<'_>> =
            root.services.iter().filter_map(|service| unasked(context, service)).collect();
        finding(&unasked).into_iter().collect()
    })
}

fn unasked<'d>(context: &Context<'d>, service: &'d Service) -> Option<Unasked<'d>> {
    let task = service.task_definition.as_ref().filter(|_| is_unasked(service))?;
    // Images of others have ways of their own, and often no program to ask with.
    let mut answering = task.containers.iter().filter(|container| !container.ports.is_empty());
    answering.find_map(|container| {
        let image = container.image.only(&context.deployment.built_images)?;
        Some(Unasked { service, container, image })
    })
}

/// Whether nothing asks the tasks of a service how they are, for certain.
pub(super) fn is_unasked(service: &Service) -> bool {
    let has_check = |container: &Container| container.health_check.is_set();
    let has_none = |task: &TaskDefinition| !task.more_containers && !task.containers.iter().any(has_check);
    service.certain && !service.is_asked && service.task_definition.as_deref().is_some_and(has_none)
}

/// Whether this is said of a service.
pub(super) fn is_said_of(context: &Context<'_>, service: &Service) -> bool {
    unasked(context, service).is_some()
}

/// One for all: whoever set them up left it out everywhere.
fn finding(unasked: &[Unasked<'_>]) -> Option<Finding> {
    let first = unasked.first()?;
    let mut names: Vec<&str> = unasked.iter().map(|one| one.container.shown_name.as_str()).collect();
    names.dedup();
    let message = match names.as_slice() {
        [name] => format!(
            "nothing checks the health of `{name}`: its container has no `healthCheck`, and its service has no target group"
        ),
        names => format!(
            "nothing checks the health of {}: their containers have no `healthCheck`, and their services have no target group",
            wording::listed(names)
        ),
    };
    let mut finding = Finding::new(message, Label::new(first.container.at, "no `healthCheck`"));
    for one in unasked.iter().take(MAX_SHOWN) {
        finding = finding.related(Label::new(one.service.at, "this service has no target group"));
    }
    let registry = unasked.iter().find_map(|one| one.service.registry);
    finding = match registry {
        Some(at) => finding
            .related(Label::new(at, "service discovery returns the addresses of its tasks, healthy or not")),
        None => finding.severity(Severity::Note),
    };
    let in_image = unasked.iter().find_map(|one| one.image.stage.health_check.as_ref());
    Some(match in_image {
        Some(probe) => finding
            .related(Label::new(probe.at, "ECS does not run the health check of an image"))
            .help("give the container the command of its image's `HEALTHCHECK` as `healthCheck`"),
        None => finding.help("give the container a `healthCheck` that uses a program in its image"),
    })
}
