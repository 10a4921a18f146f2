//! Tasks behind a load balancer have public addresses, although other services run without them.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::service::Service;
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.services.iter().filter_map(|service| exposed(root, service)).collect())
}

/// Whether the tasks of a service have public addresses for nothing.
pub(super) fn is_needless(root: &AwsRoot, service: &Service) -> bool {
    exposed(root, service).is_some()
}

/// A service whose tasks have no public addresses, where that shows that the network has NAT.
fn sibling(root: &AwsRoot) -> Option<&Service> {
    // Through endpoints, tasks may do without a way out that another one needs.
    if root.routes.has_endpoints {
        return None;
    }
    root.services.iter().find(|service| is_behind_nat(service))
}

/// A task of Fargate without a public address fetches its image through NAT, or not at all.
fn is_behind_nat(service: &Service) -> bool {
    let has_address =
        service.network.known().and_then(|network| network.public_ip.or_default(&false, service.at));
    service.certain && service.is_on_fargate() && has_address.is_some_and(|(has_address, _)| !has_address)
}

fn exposed(root: &AwsRoot, service: &Service) -> Option<Finding> {
    let (at, sibling) = (public_at(service)?, sibling(root)?);
    let target = service.targets.first()?;
    let group = target.target_group.as_ref().and_then(|reference| root.target_group(reference))?;
    let is_application =
        root.balancers_of(group)?.iter().all(|balancer| balancer.is_application() == Some(true));
    if !service.certain || !is_application {
        return None;
    }
    let message = format!(
        "the tasks of `{}` have public addresses, although requests come through the load balancer and `{}` runs without public addresses",
        service.name, sibling.name
    );
    let finding =
        Finding::new(message, Label::new(at, "every task gets an address that the internet can reach"))
            .related(Label::new(target.at, "the load balancer sends requests to the tasks"))
            .related(Label::new(sibling.at, "the tasks of this service have no public addresses"));
    Some(finding.help("put the tasks into the subnets of that service, and set `assign_public_ip = false`"))
}

/// Where a service says that its tasks have public addresses.
pub(super) fn public_at(service: &Service) -> Option<Span> {
    let (has_address, from) = service.network.known()?.public_ip.found()?;
    has_address.then_some(from.at)
}
