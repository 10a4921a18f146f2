//! A container on Fargate whose output goes nowhere.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::service::Service;
use policy_core::model::setting::Setting;
use policy_core::model::task_definition::Container;
use policy_core::rule::Context;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(in_root)
}

fn in_root(root: &AwsRoot) -> Vec<Finding> {
    let mut findings = Vec::new();
    for service in root.services.iter().filter(|service| service.certain) {
        // On a machine of one's own, Docker keeps the output there.
        let task = service.task_definition.as_ref().filter(|task| task.needs_fargate == Some(true));
        let containers = task.iter().flat_map(|task| &task.containers);
        findings.extend(
            containers.filter(|container| container.log == Setting::Unset).map(|it| silent(service, it)),
        );
    }
    findings
}

fn silent(service: &Service, container: &Container) -> Finding {
    let who = container.shown_name.as_str();
    let message = format!("the output of `{who}` in `{}` is lost: no log driver collects it", service.name);
    Finding::new(message, Label::new(container.at, "this container has no `logConfiguration`"))
        .related(Label::new(service.at, "the service runs it on Fargate"))
        .help("add a `logConfiguration` with the driver `awslogs` and a log group")
}
