//! Paths that a development server forwards to a program: they show that pages request them from it.

use policy_core::model::development_proxy::{DevelopmentProxy, Rewrite};
use policy_core::model::program::{Backend, Registration};
use policy_core::model::routing::{PathPattern, Route};
use policy_core::model::{AwsRoot, Deployment};
use policy_core::rule::Context;
use policy_core::source::FileId;
use policy_core::value::Address;

use super::bucket::package_of;

/// The proxy of the page's own development server that sends a request on, where the code of `file` asks for `path`.
pub(super) fn own_proxy<'a>(
    context: &Context<'a>,
    file: FileId,
    path: &PathPattern,
) -> Option<&'a DevelopmentProxy> {
    let package = package_of(context, file)?;
    let is_own = |proxy: &&DevelopmentProxy| {
        package_of(context, proxy.at.file).is_some_and(|own| own == package) && proxy.paths.covers(path)
    };
    context.deployment.development_proxies.iter().find(is_own)
}

/// The proxy of a development server that sends what `handler` answers to the program behind `backend`, where others of the
/// same server have their paths among `routes`: those are written from the same knowledge. A proxy of which a part is routed
/// shows nothing of the rest.
pub(super) fn proxied<'a>(
    deployment: &'a Deployment,
    root: &AwsRoot,
    backend: &Backend,
    routes: &[&Route],
    handler: &Registration,
) -> Option<&'a DevelopmentProxy> {
    let port = backend.port?;
    let is_alone =
        root.backends.iter().all(|other| other.port != Some(port) || other.program == backend.program);
    let leads_here = |proxy: &&DevelopmentProxy| proxy.rewrite == Rewrite::None && leads_to(proxy, port);
    let proxies = || deployment.development_proxies.iter().filter(leads_here);
    let is_routed = |proxy: &DevelopmentProxy| {
        let mut patterns = routes.iter().flat_map(|route| route.paths.iter().flatten());
        patterns.any(|own| own.pattern.literal_start().starts_with(proxy.paths.literal_start()))
    };
    let proxy = proxies().find(|proxy| proxy.paths.covers(&handler.path))?;
    let has_sibling = proxies().any(|other| other.at.file == proxy.at.file && is_routed(other));
    (is_alone && has_sibling && !is_routed(proxy)).then_some(proxy)
}

/// Whether everything that is known of a proxy's target has this port.
fn leads_to(proxy: &DevelopmentProxy, port: i64) -> bool {
    let ports: Vec<Option<i64>> = proxy
        .targets
        .iter()
        .filter(|target| target.known().is_some())
        .map(|target| Address::parse(target).port?.known()?.parse().ok())
        .collect();
    !ports.is_empty() && ports.iter().all(|own| *own == Some(port))
}
