//! A container is reached at a port that nothing in it opens.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::compose_service::ComposeService;
use policy_core::model::nginx_image::{Listen, NginxImage, Placeholder, variables};
use policy_core::model::proxy::{Proxy, proxies};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::{FileId, Span};

use super::passed;
use crate::wording;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = context.each_root(|root| in_root(context, root));
    let services = &context.deployment.compose_services;
    found.extend(services.iter().filter_map(|service| in_compose(context, service)));
    found
}

fn in_root(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let (proxies, _) = proxies(root, &context.deployment.built_images, context.sources);
    let meant = proxies.iter().filter(|proxy| !is_for_development(context, proxy.image.dockerfile.file()));
    meant.filter_map(|proxy| in_container(root, proxy)).collect()
}

fn is_for_development(context: &Context<'_>, file: FileId) -> bool {
    purpose::is_built_for_development(context.sources.path(file))
}

fn in_container(root: &AwsRoot, proxy: &Proxy<'_>) -> Option<Finding> {
    let environment = &proxy.container.environment;
    let sets_port =
        environment.variables.iter().any(|variable| variable.name.to_ascii_uppercase().ends_with("PORT"));
    if environment.more || sets_port || proxy.container.more_ports {
        return None;
    }
    let open = proxy.nginx.opens(&proxy.configured.configuration)?;
    let mapped: Option<Vec<(i64, Span)>> = proxy
        .container
        .ports
        .iter()
        .map(|port| port.container.found().map(|(port, from)| (*port, from.at)))
        .collect();
    let mapped = mapped?;
    if mapped.iter().any(|(port, _)| is_open(&open, *port)) {
        return None;
    }
    let (port, at) = *mapped.first()?;
    let finding = finding(
        &format!("`{}`", passed::name(proxy)),
        port,
        at,
        "the container is reached at this port",
        &open,
    );
    let finding = shown(finding, proxy.nginx, &open);
    let services = root.services.iter().filter(|service| {
        service.task_definition.as_ref().is_some_and(|task| task.address == proxy.definition.address)
    });
    let targets = services.flat_map(|service| &service.targets).filter(|target| {
        target.container.known() == proxy.container.name.known() && target.port.known() == Some(&port)
    });
    let targets = targets.filter_map(|target| target.port.found());
    Some(targets.fold(finding, |finding, (_, from)| {
        finding.related(Label::new(from.at, "the load balancer sends requests to it"))
    }))
}

fn in_compose(context: &Context<'_>, service: &ComposeService) -> Option<Finding> {
    let path = context.sources.path(service.at.file);
    // Another file may give the service of the same name something else.
    let same_name = context.deployment.compose_services.iter().filter(|other| {
        other.name == service.name
            && context.sources.folder_of(other.at.file) == context.sources.folder_of(service.at.file)
    });
    if service.may_differ
        || purpose::is_made_up(path)
        || purpose::is_for_development(path)
        || same_name.count() > 1
    {
        return None;
    }
    let ports = service.ports.as_ref()?;
    let images = service.built(&context.deployment.built_images);
    let [image] = images.as_slice() else { return None };
    let nginx = image.nginx.as_ref()?;
    let configured = nginx.configured(&variables(&image.stage, None));
    let open = nginx.opens(&configured.configuration)?;
    let is_filled =
        |placeholder: &Placeholder| open.iter().any(|(listen, _)| listen.at.to(placeholder.at) == listen.at);
    if configured.filled.iter().any(is_filled)
        || ports.iter().any(|(port, _)| is_open(&open, i64::from(*port)))
    {
        return None;
    }
    let (port, at) = *ports.first()?;
    let finding = finding(
        &format!("`{}`", service.name),
        i64::from(port),
        at,
        "this port of the container is published",
        &open,
    );
    Some(shown(finding, nginx, &open))
}

fn is_open(open: &[(&Listen, u16)], port: i64) -> bool {
    open.iter().any(|(_, own)| i64::from(*own) == port)
}

fn finding(whose: &str, port: i64, at: Span, label: &str, open: &[(&Listen, u16)]) -> Finding {
    let mut ports: Vec<u16> = open.iter().map(|(_, port)| *port).collect();
    ports.sort_unstable();
    ports.dedup();
    let listens = wording::listed(&ports.iter().map(ToString::to_string).collect::<Vec<_>>());
    let message = format!(
        "{whose} is reached at port {port}, but its nginx listens on {listens}: every connection is refused"
    );
    Finding::new(message, Label::new(at, label))
        .help(format!("use {listens} here, or let nginx listen on {port}"))
}

/// Shows where nginx listens, and what brings that into the image.
fn shown(finding: Finding, nginx: &NginxImage, open: &[(&Listen, u16)]) -> Finding {
    open.iter().fold(finding, |finding, (listen, port)| {
        let Some(by) = nginx.brought_by(listen.at.file) else {
            return finding.related(Label::new(listen.at, format!("nginx listens on {port} in this image")));
        };
        finding
            .related(Label::new(listen.at, format!("nginx listens on {port}")))
            .related(Label::new(by, "the image gets the file here"))
    })
}
