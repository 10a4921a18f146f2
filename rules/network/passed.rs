//! Hosts to which nginx proxies requests, and which it resolves when it starts.

use policy_core::finding::{Finding, Label};
use policy_core::model::nginx_image::Placeholder;
use policy_core::model::proxy::Proxy;
use policy_core::source::Span;

/// A host that nginx looks up once, when it starts: it stands in the configuration itself.
pub(super) struct Passed {
    /// The host.
    pub(super) host: String,
    /// The address that it stands in.
    pub(super) at: Span,
}

/// Every such host, by place. Those that a variable decides are looked up later, and an upstream is no host.
pub(super) fn hosts(proxy: &Proxy<'_>) -> Vec<Passed> {
    let configuration = &proxy.configured.configuration;
    let passes = configuration.passes();
    let direct = passes
        .iter()
        .filter(|(pass, _)| !pass.variable)
        .filter_map(|(pass, _)| Some((pass.host.known()?.into_owned(), pass.address_at)))
        .filter(|(host, _)| configuration.upstream(host).is_none());
    let servers = configuration.upstreams.iter().flat_map(|upstream| &upstream.servers);
    let grouped = servers
        .filter(|server| !server.resolve)
        .filter_map(|server| Some((server.host.known()?.into_owned(), server.at)));
    let mut hosts: Vec<Passed> = direct.chain(grouped).map(|(host, at)| Passed { host, at }).collect();
    hosts.sort_by_key(|passed| passed.at);
    hosts
}

/// Shows where the container gives the address, what brings the file into its image, and the container itself.
pub(super) fn explained(finding: Finding, proxy: &Proxy<'_>, passed: &Passed) -> Finding {
    let within = |placeholder: &&Placeholder| placeholder.at.is_within(passed.at);
    let filled = proxy.configured.filled.iter().filter(within);
    let given = filled.filter_map(|placeholder| {
        let variable = proxy.container.environment.get(&placeholder.name)?;
        Some(Label::new(variable.at, format!("`{}` is set here", placeholder.name)))
    });
    let brought = proxy.nginx.brought_by(passed.at.file).filter(|by| by.file != passed.at.file);
    let brought = brought.map(|by| Label::new(by, "this puts the configuration of nginx into the image"));
    let runs = proxy.container.images.first();
    let runs = runs.map(|(_, at)| Label::new(*at, "ECS runs the image in this container"));
    given.chain(brought).chain(runs).fold(finding, Finding::related)
}

/// What messages call the container.
pub(super) fn name<'p>(proxy: &'p Proxy<'_>) -> &'p str {
    proxy.container.shown_name.as_str()
}
