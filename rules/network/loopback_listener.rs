//! A process that others must reach listens on the loopback address of its own container.

use std::collections::HashMap;

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::compose_service::{ComposeService, PublishedPort};
use policy_core::model::server::{Host, Server};
use policy_core::model::task_definition::{Environment, NetworkMode};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};
use policy_core::value::Text;

use crate::cause;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let found = in_compose(context).into_iter().chain(in_tasks(context)).chain(exposed(context));
    cause::merge(found)
}

/// Services that publish a port.
fn in_compose(context: &Context<'_>) -> Vec<Finding> {
    let services = context.deployment.compose_services.iter().filter(|service| {
        service.is_written_once && !purpose::is_made_up(context.sources.path(service.at.file))
    });
    let found = services.filter_map(|service| {
        let PublishedPort { container: port, at, .. } = *service.ports.as_ref()?.first()?;
        let reached = Reached { whose: &service.name, port: i64::from(port), at, how: "publishes" };
        finding(&reached, service.server.as_ref()?)
    });
    found.collect()
}

/// Containers that map a port.
fn in_tasks(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let mut found = Vec::new();
        for definition in &root.task_definitions {
            // A container beside it may be the one that asks it.
            let [container] = definition.containers.as_slice() else { continue };
            let is_host =
                matches!(definition.network_mode.known(), Some(NetworkMode::Host | NetworkMode::Other(_)));
            if definition.more_containers || is_host {
                continue;
            }
            let port = container.ports.first().and_then(|port| port.container.found());
            if let (Some((port, from)), Some(server)) = (port, &container.server) {
                let whose = container.shown_name.as_str();
                let reached = Reached { whose, port: *port, at: from.at, how: "maps" };
                found.extend(finding(&reached, server));
            }
        }
        found
    })
}

/// Images that say they open the port, and that nothing here starts otherwise.
fn exposed(context: &Context<'_>) -> Vec<Finding> {
    let services = services_of_dockerfiles(context);
    let found = context.deployment.built_images.iter().filter_map(|image| {
        let server = image.server.as_ref()?;
        let own = server.port.as_ref()?.value;
        let is_own = |port: &Text| port.known().is_some_and(|port| *port == own.to_string());
        let (_, at) = image.stage.exposed.iter().find(|(port, _)| is_own(port))?;
        let reached = Reached { whose: "the image", port: i64::from(own), at: *at, how: "exposes" };
        finding(&reached, server).filter(|_| starts_as_it_is(context, image, &services))
    });
    found.collect()
}

/// Whether nothing in the repository is seen to start the image otherwise: compose services that build it leave that to it,
/// and nothing else runs it by its name.
fn starts_as_it_is(
    context: &Context<'_>,
    image: &BuiltImage,
    services: &HashMap<FileId, Vec<&ComposeService>>,
) -> bool {
    let runs = |name: &Text| context.deployment.images.iter().any(|used| used.reference.may_equal(name));
    let leaves_it = |service: &ComposeService| {
        service.start.as_ref().is_some_and(|start| {
            !start.entry_point.is_set()
                && !start.command.is_set()
                && start.environment == Environment::default()
        })
    };
    !purpose::is_made_up(context.sources.path(image.dockerfile.file()))
        && !image.names.iter().any(runs)
        && services.get(&image.dockerfile.file()).into_iter().flatten().all(|service| leaves_it(service))
}

/// The services that build an image of each Dockerfile.
fn services_of_dockerfiles<'d>(context: &Context<'d>) -> HashMap<FileId, Vec<&'d ComposeService>> {
    let mut found: HashMap<FileId, Vec<&ComposeService>> = HashMap::new();
    for service in &context.deployment.compose_services {
        for image in service.built(&context.deployment.built_images) {
            found.entry(image.dockerfile.file()).or_default().push(service);
        }
    }
    found
}

/// A container that is reached at a port.
struct Reached<'a> {
    whose: &'a str,
    port: i64,
    at: Span,
    how: &'static str,
}

fn finding(reached: &Reached<'_>, server: &Server) -> Option<Finding> {
    let host = server.host.as_ref().filter(|host| host.value == Host::Loopback)?;
    let Reached { whose, port, at, how } = *reached;
    let program = server.program;
    let whose = if whose.contains(' ') { whose.to_owned() } else { format!("`{whose}`") };
    let message = format!(
        "{whose} {how} port {port}, but {program} listens on 127.0.0.1 only: every connection from outside the container is refused"
    );
    let label = match host.at {
        Some(_) => "only the container itself can reach this address".to_owned(),
        None => format!("{program} listens on 127.0.0.1 unless told otherwise"),
    };
    let finding = Finding::new(message, Label::new(host.at.unwrap_or(server.at), label))
        .related(Label::new(at, format!("clients outside the container use port {port}")));
    Some(finding.help(format!("let {program} listen on every address: `{}`", server.opens)))
}
