//! A name of service discovery that no task registers with.

use policy_core::finding::{Finding, Label, Severity};
use policy_core::model::AwsRoot;
use policy_core::model::private_names::{PrivateName, host_of};
use policy_core::rule::Context;
use policy_core::source::Span;

use super::{passed, private_host};
use crate::wording;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let deployment = context.deployment;
    let any_may = deployment.roots.iter().any(|root| root.private_names.has_stray_registration);
    if any_may || deployment.outsiders.register {
        return Vec::new();
    }
    context.each_root(|root| in_root(context, root))
}

fn in_root(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let unregistered = root.private_names.names.iter().filter(|name| !name.is_registered);
    let mut blocks: Vec<(Span, Vec<&PrivateName>)> = Vec::new();
    for name in unregistered {
        match blocks.iter_mut().find(|(at, _)| *at == name.at) {
            Some((_, names)) => names.push(name),
            None => blocks.push((name.at, vec![name])),
        }
    }
    blocks.iter().map(|(at, names)| finding(context, root, *at, names)).collect()
}

fn finding(context: &Context<'_>, root: &AwsRoot, at: Span, names: &[&PrivateName]) -> Finding {
    let listed = wording::listed(&names.iter().map(|name| name.name.render('…')).collect::<Vec<_>>());
    let resource = names.first().map_or("", |name| &name.resource);
    let message = format!("no ECS service registers its tasks with `{resource}`, so its name never resolves");
    let finding = Finding::new(message, Label::new(at, format!("nothing refers to {listed}")))
        .help(format!(
            "add `service_registries` with the ARN of `{resource}` to the ECS service that runs the tasks, or remove the unused `{resource}`"
        ));
    match called_at(context, root, names) {
        Some((at, host)) => {
            finding.severity(Severity::Error).related(Label::new(at, format!("`{host}` is used here")))
        }
        None => finding,
    }
}

/// Where a container asks for one of the names: in a variable, or in the configuration of its nginx.
fn called_at(context: &Context<'_>, root: &AwsRoot, names: &[&PrivateName]) -> Option<(Span, String)> {
    let is_one = |host: &str| names.iter().any(|name| name.is(host));
    let containers = root.task_definitions.iter().flat_map(|definition| &definition.containers);
    let mut variables = containers.flat_map(|container| &container.environment.variables);
    let in_variable = variables.find_map(|variable| {
        let host = host_of(&variable.name, variable.value.as_ref()).filter(|host| is_one(host))?;
        Some((private_host::place(variable), host))
    });
    in_variable.or_else(|| {
        let proxies = root.proxies(&context.deployment.built_images);
        let mut hosts = proxies.flat_map(|proxy| passed::hosts(&proxy));
        hosts.find(|passed| is_one(&passed.host)).map(|passed| (passed.at, passed.host))
    })
}
