//! A service ignores changes of its task definition, and nothing else gives it a new one.

use policy_core::finding::{Finding, Label};
use policy_core::model::image::{ImageRole, ImageUse};
use policy_core::model::outsiders::Deployer;
use policy_core::model::service::Service;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    // Where the images come from elsewhere, so may the deployments.
    let pushed = context.deployment.images.iter().find(|image| image.role == ImageRole::Pushed);
    let Some(pushed) = pushed.filter(|_| context.deployment.outsiders.deploy == Deployer::None) else {
        return Vec::new();
    };
    context.each_root(|root| root.services.iter().filter_map(|service| frozen(service, pushed)).collect())
}

fn frozen(service: &Service, pushed: &ImageUse) -> Option<Finding> {
    let ignored = service.ignores_task_definition.filter(|_| service.certain)?;
    let definition = service.task_definition.as_ref()?;
    let message = format!(
        "`{}` ignores changes to its task definition, and nothing in this repository deploys a new revision: the \
         service keeps running the first one",
        service.name
    );
    let finding = Finding::new(
        message,
        Label::new(ignored, "Terraform never updates the task definition of this service"),
    )
    .related(Label::new(definition.at, "Terraform registers changes here but never deploys them"))
    .related(Label::new(pushed.at, "a new image is pushed here, but no service is updated"));
    let help = "remove `task_definition` from `ignore_changes`, or let the pipeline that pushes the image also register \
                a new revision and update the service";
    Some(finding.help(help))
}
