//! A host name in a private zone that no namespace has.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::private_names::{PrivateName, Zone, host_of, is_private};
use policy_core::model::task_definition::Variable;
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::Text;

use super::passed;
use crate::wording;

/// Hosts in variables of containers and in configurations of nginx.
pub(super) fn check(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let roots = &context.deployment.roots;
    let has_namespace = root.private_names.zones.iter().any(|zone| zone.is_dns);
    if roots.iter().any(|root| root.private_names.more) {
        return Vec::new();
    }
    let is_unknown = |host: &str| {
        // Without any namespace, only a name that is that of a container of this repository is meant for one.
        let is_meant = has_namespace || root.private_names.zones.is_empty() && is_of_container(host, root);
        if !is_meant {
            return false;
        }
        let known = roots.iter().any(|other| other.private_names.names.iter().any(|name| name.may_be(host)));
        !known && is_private(host) && !is_left_to_others(host, roots)
    };
    let mut named: Vec<Named<'_>> = Vec::new();
    for container in root.task_definitions.iter().flat_map(|definition| &definition.containers) {
        for variable in &container.environment.variables {
            let Some(host) = host_of(&variable.name, variable.value.as_ref()).filter(|host| is_unknown(host))
            else {
                continue;
            };
            let name = container.shown_name.as_str();
            let at = place(variable);
            match named.iter_mut().find(|other| other.at == at && other.variable == variable.name) {
                Some(other) if other.whose.contains(&name) => {}
                Some(other) => other.whose.push(name),
                None => named.push(Named { variable: &variable.name, host, at, whose: vec![name] }),
            }
        }
    }
    let mut found: Vec<Finding> = named.iter().map(|named| in_variable(root, named)).collect();
    for proxy in root.proxies(&context.deployment.built_images) {
        for passed in passed::hosts(&proxy).into_iter().filter(|passed| is_unknown(&passed.host)) {
            // A variable that gives the host is said where it is given.
            if proxy.configured.filled.iter().any(|filled| filled.at.is_within(passed.at)) {
                continue;
            }
            let message = format!(
                "nginx in `{}` proxies requests to `{}`, but no service discovery name or DNS record in this repository creates this host: nginx fails to start",
                passed::name(&proxy),
                passed.host
            );
            let finding = Finding::new(message, Label::new(passed.at, "nothing creates this host name"));
            let finding = passed::explained(finding, &proxy, &passed);
            found.push(explained(finding, root, &passed.host));
        }
    }
    found
}

/// A host in a variable that one or more containers are given.
struct Named<'a> {
    variable: &'a str,
    host: String,
    at: Span,
    whose: Vec<&'a str>,
}

fn in_variable(root: &AwsRoot, named: &Named<'_>) -> Finding {
    let Named { variable, host, at, whose } = named;
    let whose = wording::listed(whose);
    let message = format!(
        "`{variable}` of {whose} points to `{host}`, but no service discovery name or DNS record in this repository creates this host"
    );
    explained(Finding::new(message, Label::new(*at, "nothing creates this host name")), root, host)
}

/// Where the host is written.
pub(super) fn place(variable: &Variable) -> Span {
    variable.value.as_ref().and_then(Text::place).unwrap_or(variable.at)
}

fn explained(finding: Finding, root: &AwsRoot, host: &str) -> Finding {
    let names = &root.private_names.names;
    let label = host.split('.').next();
    let same_service =
        |name: &&PrivateName| name.name.known().is_some_and(|name| name.split('.').next() == label);
    if let Some(name) = names.iter().find(same_service) {
        let known = name.name.render('…');
        return finding
            .related(Label::new(name.at, format!("this creates the name `{known}`")))
            .help(format!("use `{known}`, or rename the namespace"));
    }
    let zone: Option<&Zone> = root.private_names.zones.iter().find(|zone| zone.is_dns);
    let finding = match zone {
        Some(zone) => finding
            .related(Label::new(zone.at, format!("names in this zone end with `{}`", zone.name.render('…')))),
        None => finding,
    };
    finding.help(if zone.is_some() {
        "create a service discovery service with that name, or use an existing name"
    } else {
        "create a private DNS namespace and a service discovery service with that name, or use Service Connect"
    })
}

/// Whether the first part of a host holds the name of a container of the root as a word of its own: `shop-catalog-dev` holds
/// `catalog`.
fn is_of_container(host: &str, root: &AwsRoot) -> bool {
    let label = format!("-{}-", host.split('.').next().unwrap_or_default());
    let containers = root.task_definitions.iter().flat_map(|definition| &definition.containers);
    let mut names = containers.filter_map(|container| container.name.known());
    names.any(|name| label.contains(&format!("-{}-", name.to_ascii_lowercase())))
}

/// Whether the host stands below a hosted zone or an unknown one, whose records anyone may write.
fn is_left_to_others(host: &str, roots: &[AwsRoot]) -> bool {
    let zones = roots.iter().flat_map(|root| &root.private_names.zones);
    let mut holding = zones.filter(|zone| zone.may_hold(host));
    holding.any(|zone| !zone.is_namespace)
}
