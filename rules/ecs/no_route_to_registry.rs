//! Tasks of Fargate that cannot pull their image, since nothing leads out of their subnets.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::route::{SubnetRoutes, Way};
use policy_core::model::service::Service;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    if context.deployment.outsiders.route {
        return Vec::new();
    }
    context.each_root(|root| {
        if root.routes.has_endpoints {
            return Vec::new();
        }
        // The images of other tasks are fetched by the machine that they run on.
        let services = root.services.iter().filter(|service| service.certain && service.is_on_fargate());
        services.filter_map(|service| cut_off(root, service)).collect()
    })
}

fn cut_off(root: &AwsRoot, service: &Service) -> Option<Finding> {
    let network = service.network.known()?;
    let (has_address, _) = network.public_ip.or_default(&false, service.at)?;
    let subnets = network.subnets.all()?;
    let routes: Option<Vec<&SubnetRoutes>> =
        subnets.iter().map(|(subnet, _)| root.routes.of(&subnet.address)).collect();
    let routes = routes?;
    let leads_out = |routes: &&SubnetRoutes| match routes.way {
        Way::None => false,
        Way::InternetGateway(_) => *has_address,
        Way::OtherOrUnknown => true,
    };
    if routes.iter().any(leads_out) {
        return None;
    }
    let (first, (_, at)) = routes.first().zip(subnets.first())?;
    let why = match first.way {
        Way::InternetGateway(_) => {
            "their subnets lead to an internet gateway, which needs a public address on each task"
        }
        Way::None | Way::OtherOrUnknown => "no route leads out of their subnets",
    };
    let message = format!(
        "the tasks of `{}` cannot pull their image: {why}, and there is no VPC endpoint",
        service.name
    );
    let mut finding = Finding::new(message, Label::new(*at, "the tasks run in these subnets"));
    finding = match first.way {
        Way::InternetGateway(route) => finding
            .related(Label::new(route, "this route works only for tasks with a public address"))
            .help("set `assign_public_ip = true`, or use subnets whose route table leads to a NAT gateway"),
        Way::None | Way::OtherOrUnknown => finding
            .related(Label::new(first.table_at, "no route of this table leads out"))
            .help("add a route to a NAT gateway, or VPC endpoints for `ecr.api`, `ecr.dkr`, `logs` and S3"),
    };
    let container = service.task_definition.as_ref().and_then(|task| task.containers.first());
    Some(match container.and_then(|container| container.images.first()) {
        Some((_, image)) => finding.related(Label::new(*image, "the tasks pull this image")),
        None => finding,
    })
}
