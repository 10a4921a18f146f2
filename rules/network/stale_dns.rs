//! nginx keeps the addresses of tasks that are gone.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::private_names::{PrivateName, shown};
use policy_core::purpose;
use policy_core::rule::Context;

use super::passed;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // A name that Service Connect answers for is one of an address that stays.
    if context.deployment.roots.iter().any(|root| root.private_names.has_aliases) {
        return Vec::new();
    }
    context.each_root(|root| in_root(context, root))
}

fn in_root(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let mut found = Vec::new();
    for proxy in root.proxies(&context.deployment.built_images) {
        if purpose::is_built_for_development(context.sources.path(proxy.image.dockerfile.file())) {
            continue;
        }
        let mut seen: Vec<String> = Vec::new();
        for passed in passed::hosts(&proxy) {
            let Some(name) = of_tasks(context, root, &passed.host) else { continue };
            if seen.contains(&passed.host) {
                continue;
            }
            let host = shown(&passed.host);
            let message = format!(
                "nginx in `{}` resolves `{host}` only when it starts: after the next deployment of that service, requests go to tasks that no longer exist",
                passed::name(&proxy)
            );
            let label =
                Label::new(passed.at, "this address contains no variable, so it is never resolved again");
            let finding = passed::explained(Finding::new(message, label), &proxy, &passed);
            let label = format!("`{host}` resolves to the running tasks, which change");
            found.push(finding.related(Label::new(name.at, label)).help(
                "set a `resolver` (169.254.169.253 in a VPC) and proxy through a variable: `set $host …; proxy_pass http://$host…;`",
            ));
            seen.push(passed.host);
        }
    }
    found
}

/// The name of service discovery that is `host`: of this root, or of another one.
fn of_tasks<'a>(context: &Context<'a>, root: &'a AwsRoot, host: &str) -> Option<&'a PrivateName> {
    let others = context.deployment.roots.iter().flat_map(|root| &root.private_names.names);
    let mut names = root.private_names.names.iter().chain(others);
    names.find(|name| name.is_of_tasks && name.is(host))
}
