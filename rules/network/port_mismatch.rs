//! Clients connect to a port of a container that nothing in it opens.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::compose_service::ComposeService;
use policy_core::model::nginx_image::{Configured, Listen, NginxImage, Placeholder, variables};
use policy_core::model::proxy::Proxy;
use policy_core::model::server::Server;
use policy_core::model::task_definition::{Container, TaskDefinition};
use policy_core::model::workload::{ReachedBy, Workload};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};

use super::asked_port::{self, AskedPort};
use super::exposed::{self, Exposed};
use crate::wording;

/// Those whose port is mapped, published or targeted.
const CLIENTS: &str = "clients connect";

/// What listens where Spring's configuration says.
const SPRING_BOOT: &str = "Spring Boot";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = context.each_root(|root| in_root(context, root));
    let services = &context.deployment.compose_services;
    found.extend(services.iter().filter_map(|service| in_compose(context, service)));
    let workloads = &context.deployment.workloads;
    found.extend(workloads.iter().filter_map(|workload| in_cluster(context, workload)));
    found
}

fn in_root(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let proxies = root.proxies(&context.deployment.built_images);
    let meant = proxies.filter(|proxy| !is_for_development(context, proxy.image.dockerfile.file()));
    let mut found: Vec<Finding> = meant.filter_map(|proxy| in_proxy(root, &proxy)).collect();
    for definition in &root.task_definitions {
        let containers = definition.containers.iter();
        found.extend(containers.filter_map(|container| in_container(context, root, definition, container)));
    }
    found
}

fn is_for_development(context: &Context<'_>, file: FileId) -> bool {
    purpose::is_built_for_development(context.sources.path(file))
}

/// A container that runs nginx.
fn in_proxy(root: &AwsRoot, proxy: &Proxy<'_>) -> Option<Finding> {
    let environment = &proxy.container.environment;
    let sets_port =
        environment.variables.iter().any(|variable| variable.name.to_ascii_uppercase().ends_with("PORT"));
    if environment.more || sets_port {
        return None;
    }
    let open = proxy.nginx.opens(&proxy.configured.configuration)?;
    let reached = reached(root, proxy.definition, proxy.container, &open_ports(&open))?;
    let finding = of_nginx(&reached, proxy.nginx, &open);
    Some(with_targets(finding, root, proxy.definition, proxy.container, reached.port))
}

/// A container that runs another server.
fn in_container(
    context: &Context<'_>,
    root: &AwsRoot,
    definition: &TaskDefinition,
    container: &Container,
) -> Option<Finding> {
    let image = container.image.only(&context.deployment.built_images)?;
    if is_for_development(context, image.dockerfile.file()) {
        return None;
    }
    let own = container.server.as_ref().and_then(|server| Some((server, server.port.as_ref()?.value)));
    let (finding, port) = if let Some((server, own)) = own {
        // Spring Boot may open a second one for its management.
        let reached = if server.program == SPRING_BOOT {
            mapped(container, &[own])?
        } else {
            reached(root, definition, container, &[own])?
        };
        (of_server(&reached, server, image)?, reached.port)
    } else {
        let starts_otherwise = container.entry_point.is_set() || container.command.is_set();
        let is_plain = image.nginx.is_none() && !starts_otherwise;
        let exposed = exposed::of(context.deployment, image, &container.environment).filter(|_| is_plain)?;
        let reached = mapped(container, &[exposed.port])?;
        (of_image(&reached, exposed), reached.port)
    };
    Some(with_targets(finding, root, definition, container, port))
}

/// How a container is reached at a port that is not among `open`: by those who connect to a port that it maps, or else by a
/// health check.
fn reached<'a>(
    root: &AwsRoot,
    definition: &TaskDefinition,
    container: &'a Container,
    open: &[u16],
) -> Option<Reached<'a>> {
    mapped(container, open).or_else(|| {
        let AskedPort { port, at } = asked_port::unopened(root, definition, container, open)?;
        let whose = container.shown_name.as_str();
        Some(Reached {
            who: "the health check connects",
            whose,
            port,
            at,
            label: "the health check uses this port",
        })
    })
}

fn mapped<'a>(container: &'a Container, open: &[u16]) -> Option<Reached<'a>> {
    let (port, at) = unopened(container, open)?;
    let whose = container.shown_name.as_str();
    Some(Reached { who: CLIENTS, whose, port, at, label: "clients connect to this port" })
}

/// The first port that a container maps, where none of those that it maps is open.
fn unopened(container: &Container, open: &[u16]) -> Option<(i64, Span)> {
    let mapped = container.ports.iter().map(|port| {
        let (port, from) = port.container.found()?;
        Some((*port, from.at))
    });
    let mapped: Vec<(i64, Span)> = mapped.collect::<Option<_>>().filter(|_| !container.more_ports)?;
    let is_open = |port: i64| open.iter().any(|own| i64::from(*own) == port);
    mapped.first().copied().filter(|_| !mapped.iter().any(|(port, _)| is_open(*port)))
}

/// Shows the services that send requests to the port.
fn with_targets(
    finding: Finding,
    root: &AwsRoot,
    definition: &TaskDefinition,
    container: &Container,
    port: i64,
) -> Finding {
    let services = root.services.iter().filter(|service| {
        service.task_definition.as_ref().is_some_and(|task| task.address == definition.address)
    });
    let targets = services.flat_map(|service| &service.targets).filter(|target| {
        target.container.known() == container.name.known() && target.port.known() == Some(&port)
    });
    let targets = targets.filter_map(|target| target.port.found());
    targets.fold(finding, |finding, (_, from)| {
        finding.related(Label::new(from.at, "the load balancer sends requests to this port"))
    })
}

fn in_compose(context: &Context<'_>, service: &ComposeService) -> Option<Finding> {
    let path = context.sources.path(service.at.file);
    if purpose::is_made_up(path) || purpose::is_for_development(path) || !service.is_written_once {
        return None;
    }
    let ports = service.ports.as_ref()?;
    let images = service.built(&context.deployment.built_images);
    let [image] = images.as_slice() else { return None };
    let first = ports.first()?;
    let reached = Reached {
        who: CLIENTS,
        whose: &service.name,
        port: i64::from(first.container),
        at: first.at,
        label: "this port of the container is published",
    };
    let is_open = |open: &[u16]| ports.iter().any(|port| open.contains(&port.container));
    let Some(nginx) = &image.nginx else {
        let server = service.server.as_ref()?;
        return of_server(&reached, server, image)
            .filter(|_| !server.port.as_ref().is_some_and(|own| is_open(&[own.value])));
    };
    if service.may_differ {
        return None;
    }
    let configured = nginx.configured(&variables(&image.stage, None));
    let open = nginx.opens(&configured.configuration)?;
    let depends = is_filled(&configured, &open) || is_open(&open_ports(&open));
    (!depends).then(|| of_nginx(&reached, nginx, &open))
}

/// The container of a workload, where nothing that reaches it does so at a port that is open.
fn in_cluster(context: &Context<'_>, workload: &Workload) -> Option<Finding> {
    let image = context.deployment.built_image(workload.image?)?;
    let path = context.sources.path(workload.at.file);
    if purpose::is_made_up(path) || is_for_development(context, image.dockerfile.file()) {
        return None;
    }
    let (first, others) = workload.reached.split_first()?;
    let is_open = |open: &[u16]| workload.reached.iter().any(|reached| open.contains(&reached.port));
    let label = asks(&first.by);
    let reached = Reached {
        who: CLIENTS,
        whose: &workload.container,
        port: i64::from(first.port),
        at: first.at,
        label: &label,
    };
    let finding = match &image.nginx {
        None => {
            let server = workload.server.as_ref()?;
            if is_open(&[server.port.as_ref()?.value]) {
                return None;
            }
            of_server(&reached, server, image)?
        }
        Some(nginx) => {
            let start = &workload.start;
            if start.entry_point.is_set() || start.command.is_set() || workload.hides("/etc/nginx") {
                return None;
            }
            let configured = nginx.configured(&variables(&image.stage, Some(&start.environment)));
            let open = nginx.opens(&configured.configuration)?;
            if is_filled(&configured, &open) || is_open(&open_ports(&open)) {
                return None;
            }
            of_nginx(&reached, nginx, &open)
        }
    };
    let others = others.iter().filter(|other| other.at != first.at);
    Some(others.fold(finding, |finding, other| finding.related(Label::new(other.at, asks(&other.by)))))
}

/// What comes of it that something reaches a port.
fn asks(by: &ReachedBy) -> String {
    match by {
        ReachedBy::Service(name) => format!("the Service `{name}` sends requests to this port"),
        ReachedBy::Probe(probe) => format!("the {probe} connects to this port"),
    }
}

/// Whether a variable of the container decides where nginx listens.
fn is_filled(configured: &Configured, open: &[(&Listen, u16)]) -> bool {
    let is_filled =
        |placeholder: &Placeholder| open.iter().any(|(listen, _)| placeholder.at.is_within(listen.at));
    configured.filled.iter().any(is_filled)
}

fn open_ports(open: &[(&Listen, u16)]) -> Vec<u16> {
    open.iter().map(|(_, port)| *port).collect()
}

/// A container that is reached at a port.
struct Reached<'a> {
    /// Who reaches it, and how.
    who: &'a str,
    whose: &'a str,
    port: i64,
    at: Span,
    label: &'a str,
}

fn finding(reached: &Reached<'_>, program: &str, ports: &[u16]) -> Finding {
    let Reached { who, whose, port, at, label } = *reached;
    let mut ports = ports.to_vec();
    ports.sort_unstable();
    ports.dedup();
    let listens = wording::listed(&ports.iter().map(ToString::to_string).collect::<Vec<_>>());
    let message = format!(
        "{who} to port {port} of `{whose}`, but {program} listens on {listens}: every connection is refused"
    );
    Finding::new(message, Label::new(at, label))
        .help(format!("use {listens} here, or let {program} listen on {port}"))
}

/// Shows where nginx listens, and what brings that into the image.
fn of_nginx(reached: &Reached<'_>, nginx: &NginxImage, open: &[(&Listen, u16)]) -> Finding {
    let finding = finding(reached, "nginx", &open_ports(open));
    open.iter().fold(finding, |finding, (listen, port)| {
        let Some(by) = nginx.brought_by(listen.at.file) else {
            return finding.related(Label::new(listen.at, format!("nginx listens on {port} in this image")));
        };
        finding
            .related(Label::new(listen.at, format!("nginx listens on {port}")))
            .related(Label::new(by, "this puts the configuration of nginx into the image"))
    })
}

/// Shows what says that the image opens a port.
fn of_image(reached: &Reached<'_>, exposed: Exposed) -> Finding {
    finding(reached, "its image", &[exposed.port])
        .related(Label::new(exposed.at, format!("the image opens {}", exposed.port)))
        .related(exposed.witness)
}

/// Shows what says where the server listens, and what starts it.
fn of_server(reached: &Reached<'_>, server: &Server, image: &BuiltImage) -> Option<Finding> {
    let own = server.port.as_ref()?;
    let finding = finding(reached, server.program, &[own.value]);
    let label = match own.at {
        Some(_) => format!("{} listens on {}", server.program, own.value),
        None => format!("{} listens on {} unless told otherwise", server.program, own.value),
    };
    let at = own.at.unwrap_or(server.at);
    let finding = finding.related(Label::new(at, label));
    let start = image.stage.command.as_ref().or(image.stage.entry_point.as_ref()).map(|start| start.at);
    Some(match start.filter(|start| start.file != at.file) {
        Some(start) => finding.related(Label::new(start, "this starts the server")),
        None => finding,
    })
}
