//! Tasks have public addresses.

use policy_core::finding::{Finding, Label};
use policy_core::rule::Context;

use super::public_ip;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let services = root.services.iter().filter(|service| service.certain);
        let exposed = services.filter_map(|service| {
            let at = public_ip::public_at(service).filter(|_| !public_ip::is_needless(root, service))?;
            let message = format!("the tasks of `{}` have public addresses", service.name);
            let label = Label::new(at, "every task gets an address that the internet can reach");
            let finding = Finding::new(message, label);
            let target = service.targets.first();
            let finding = target.into_iter().fold(finding, |finding, target| {
                finding.related(Label::new(target.at, "the load balancer reaches the tasks without them"))
            });
            Some(finding.help(
                "put the tasks into private subnets with a NAT gateway or VPC endpoints, and set `assign_public_ip = false`",
            ))
        });
        exposed.collect()
    })
}
