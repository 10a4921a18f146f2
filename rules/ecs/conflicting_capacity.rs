//! A service names a launch type and capacity providers at once.

use policy_core::finding::{Finding, Label};
use policy_core::model::service::Service;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| root.services.iter().filter_map(conflict).collect())
}

fn conflict(service: &Service) -> Option<Finding> {
    let strategy = service.capacity.providers.first()?;
    let (launch_type, from) = service.launch_type.found()?;
    let message = format!(
        "`{}` sets both the launch type `{launch_type}` and a capacity provider strategy: AWS accepts only one of them",
        service.name
    );
    let finding = Finding::new(message, Label::new(from.at, "the launch type"))
        .related(Label::new(strategy.at, "the capacity provider strategy"));
    Some(finding.help("remove `launch_type`: the capacity providers already decide where the tasks run"))
}
