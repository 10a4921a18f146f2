//! A host that does not exist where the container runs.

use policy_core::finding::{Finding, Label};
use policy_core::model::proxy::Proxy;
use policy_core::model::{Asker, AwsRoot};
use policy_core::purpose;
use policy_core::rule::Context;
use policy_core::source::Span;

use super::passed::{self, Passed};
use super::private_host;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // What gives one service a name for another by Service Connect may give any.
    if context.deployment.roots.iter().any(|root| root.private_names.has_aliases) {
        return Vec::new();
    }
    context.each_root(|root| {
        let mut found = in_proxies(context, root);
        found.extend(private_host::check(context, root));
        found
    })
}

fn in_proxies(context: &Context<'_>, root: &AwsRoot) -> Vec<Finding> {
    let mut found = Vec::new();
    for proxy in &root.proxies(&context.deployment.built_images).collect::<Vec<_>>() {
        if purpose::is_built_for_development(path(context, proxy.image.dockerfile.file())) {
            continue;
        }
        let is_lacking = |passed: &Passed| context.deployment.lacks_host(proxy.definition, &passed.host);
        let hosts = passed::hosts(proxy).into_iter().filter(is_lacking);
        let mut seen: Vec<String> = Vec::new();
        for passed in hosts {
            // One host is one fault, however often it is named.
            if !seen.contains(&passed.host) {
                seen.push(passed.host.clone());
                found.push(finding(context, root, proxy, &passed));
            }
        }
    }
    found
}

fn path<'a>(context: &Context<'a>, file: policy_core::source::FileId) -> &'a policy_core::source::RepoPath {
    context.sources.path(file)
}

fn finding(context: &Context<'_>, root: &AwsRoot, proxy: &Proxy<'_>, passed: &Passed) -> Finding {
    let host = &passed.host;
    let message = format!(
        "nginx in `{}` proxies requests to `{host}`, which does not exist in the task's network: nginx fails to start",
        passed::name(proxy)
    );
    let mut finding =
        Finding::new(message, Label::new(passed.at, format!("nginx resolves `{host}` when it starts")));
    if let Some(at) = compose_service(context, host) {
        finding = finding.related(Label::new(
            at,
            format!("this compose file defines `{host}`, but ECS does not use the file"),
        ));
    }
    finding = passed::explained(finding, proxy, passed);
    let sibling = proxy.definition.containers.iter().find(|other| other.name.known() == Some(host));
    if let Some(sibling) = sibling {
        let label =
            Label::new(sibling.at, format!("`{host}` is a container of the same task, at `127.0.0.1`"));
        return finding
            .related(label)
            .help(format!("use `127.0.0.1` instead of `{host}`: containers of one task share its network"));
    }
    let mut names = root.private_names.names.iter().filter_map(|name| name.name.known());
    let discovered = names.find(|name| name.split('.').next() == Some(host));
    finding.help(match discovered {
        Some(name) => format!("use `{name}`: put it into an nginx variable and set a `resolver`"),
        None => format!("create a service discovery or Service Connect name for `{host}`, and use that name"),
    })
}

/// Where a compose file has a service of that name.
fn compose_service(context: &Context<'_>, host: &str) -> Option<Span> {
    let is_named = |asker: &Asker| matches!(asker, Asker::Service(name) if name == host);
    let builds = context.deployment.builds.iter().filter(|build| is_named(&build.by)).map(|build| build.at);
    let images = context.deployment.images.iter().filter(|image| is_named(&image.user)).map(|image| image.at);
    builds.chain(images).min()
}
