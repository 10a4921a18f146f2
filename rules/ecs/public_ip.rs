//! Tasks behind a load balancer have public addresses, although other services run without them.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::service::Service;
use policy_core::rule::Context;
use policy_core::source::Span;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        // Through endpoints, tasks may do without a way out that this one needs.
        if root.routes.has_endpoints {
            return Vec::new();
        }
        let Some(sibling) = root.services.iter().find(|service| is_behind_nat(service)) else {
            return Vec::new();
        };
        root.services.iter().filter_map(|service| exposed(root, service, sibling)).collect()
    })
}

/// A task of Fargate without a public address fetches its image through NAT, or not at all.
fn is_behind_nat(service: &Service) -> bool {
    let has_address =
        service.network.known().and_then(|network| network.public_ip.or_default(&false, service.at));
    service.certain && service.is_on_fargate() && has_address.is_some_and(|(has_address, _)| !has_address)
}

fn exposed(root: &AwsRoot, service: &Service, sibling: &Service) -> Option<Finding> {
    let at = public_at(service)?;
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

fn public_at(service: &Service) -> Option<Span> {
    let (has_address, from) = service.network.known()?.public_ip.found()?;
    has_address.then_some(from.at)
}
