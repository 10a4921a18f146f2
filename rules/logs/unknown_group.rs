//! A container writes to a log group that nothing creates.

use std::sync::Arc;

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::log_group::LogGroup;
use policy_core::model::task_definition::{Container, TaskDefinition};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::Text;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let groups: Vec<&LogGroup> = context.deployment.roots.iter().flat_map(|root| &root.log_groups).collect();
    context.each_root(|root| in_root(root, &groups))
}

fn in_root(root: &AwsRoot, groups: &[&LogGroup]) -> Vec<Finding> {
    // Where this root module creates none, its groups come from elsewhere, as they may from a module that is not here.
    if root.log_groups.is_empty() || root.terraform.as_ref().is_none_or(|root| !root.remote_calls.is_empty())
    {
        return Vec::new();
    }
    let containers =
        root.task_definitions.iter().flat_map(|task| task.containers.iter().map(move |it| (task, it)));
    containers.filter_map(|(task, container)| unknown(task, container, groups)).collect()
}

fn unknown(task: &Arc<TaskDefinition>, container: &Container, groups: &[&LogGroup]) -> Option<Finding> {
    let (name, at) = missing(container, groups)?;
    let who = container.name.known().map_or("the container", String::as_str);
    let message = format!(
        "`{who}` of `{}` writes to the log group `{name}`, which nothing creates: no task starts",
        task.name
    );
    let finding = Finding::new(message, Label::new(at, "no log group has this name"))
        .help("refer to the log group, as in `aws_cloudwatch_log_group.NAME.name`, or set `awslogs-create-group` to `\"true\"`");
    let nearest = groups.iter().find(|group| group.at.file == task.at.file).or(groups.first())?;
    let called = nearest.log_name.as_ref()?;
    Some(finding.related(Label::new(nearest.at, format!("this log group is called `{called}`"))))
}

/// The group that a container writes to, where it is none of `groups` for certain.
fn missing<'c>(container: &'c Container, groups: &[&LogGroup]) -> Option<(&'c Text, Span)> {
    let log = container.log.known()?;
    let (name, at) = log.group.as_ref()?;
    let may_be = |group: &&LogGroup| group.log_name.as_ref().is_none_or(|known| known.may_equal(name));
    let writes = log.driver.known().is_some_and(|driver| driver == "awslogs") && !log.may_make_group;
    (writes && !groups.iter().any(may_be)).then_some((name, *at))
}
