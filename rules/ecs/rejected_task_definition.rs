//! Task definitions and services that AWS refuses when they are applied.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::service::{Rollout, Service};
use policy_core::model::setting::Setting;
use policy_core::model::task_definition::{Container, HealthCheck, NetworkMode, TaskDefinition};
use policy_core::rule::Context;
use policy_core::source::Span;
use policy_core::value::{Origin, Text};

use super::invalid_fargate_size::{cpu_units, mebibytes};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let mut found: Vec<Finding> = Vec::new();
        for task in &root.task_definitions {
            found.extend(too_large(task));
            found.extend(task.containers.iter().flat_map(|container| out_of_range(task, container)));
            // What registers a file may add to it.
            if root.terraform.is_some() {
                found.extend(without_role(task));
            }
        }
        found.extend(root.services.iter().filter_map(|service| without_network(root, service)));
        found
    })
}

/// Containers that ask for more than the whole task has.
fn too_large(task: &TaskDefinition) -> Vec<Finding> {
    if task.needs_fargate != Some(true) {
        return Vec::new();
    }
    let limit = |container: &Container| container.memory.found().map(|(value, from)| (*value, from.at));
    let kept = |container: &Container| match container.memory_reservation {
        Setting::Unset => limit(container),
        _ => container.memory_reservation.found().map(|(value, from)| (*value, from.at)),
    };
    let units = |container: &Container| container.cpu.found().map(|(value, from)| (*value, from.at));
    let cpu = task.cpu.found().and_then(|(cpu, from)| Some((cpu_units(cpu)?, from.at)));
    let memory = task.memory.found().and_then(|(memory, from)| Some((mebibytes(memory)?, from.at)));
    let asked = [(cpu, sum(task, units), "CPU units"), (memory, sum(task, kept), "MiB of memory")];
    let together = asked.into_iter().filter_map(|(own, sum, unit)| larger(task, own?, sum, unit));
    let alone = memory.into_iter().flat_map(|memory| {
        let reserved = task.containers.iter().filter(|container| container.memory_reservation.is_set());
        reserved.filter_map(move |container| beyond(task, container, memory, limit(container)?))
    });
    together.chain(alone).collect()
}

/// A container whose own limit is beyond the memory of the task, whatever it reserves.
fn beyond(
    task: &TaskDefinition,
    container: &Container,
    (own, own_at): (u64, Span),
    (limit, at): (i64, Span),
) -> Option<Finding> {
    if u64::try_from(limit).ok()? <= own {
        return None;
    }
    let name = &container.shown_name;
    let message = format!(
        "`{name}` of `{}` has a limit of {limit} MiB of memory, but the whole task has {own}: AWS rejects it",
        task.name
    );
    let finding = Finding::new(message, Label::new(at, "this is more than the task has"))
        .related(Label::new(own_at, format!("the task has {own} MiB of memory")));
    Some(finding.help("lower the limit of the container, or give the task more memory"))
}

/// What all containers ask for together that say how much, and the place of the largest.
fn sum(task: &TaskDefinition, asked: impl Fn(&Container) -> Option<(i64, Span)>) -> (i64, Option<Span>) {
    let all: Vec<(i64, Span)> =
        task.containers.iter().filter_map(asked).filter(|(own, _)| *own > 0).collect();
    let sum = all.iter().fold(0_i64, |sum, (own, _)| sum.saturating_add(*own));
    (sum, all.iter().max_by_key(|(own, _)| *own).map(|(_, at)| *at))
}

fn larger(
    task: &TaskDefinition,
    (own, own_at): (u64, Span),
    (asked, largest): (i64, Option<Span>),
    unit: &str,
) -> Option<Finding> {
    if u64::try_from(asked).ok()? <= own {
        return None;
    }
    let at = largest?;
    let message = format!(
        "the containers of `{}` request {asked} {unit}, but the whole task has {own}: AWS rejects it",
        task.name
    );
    let finding = Finding::new(message, Label::new(at, "this container requests the most"))
        .related(Label::new(own_at, format!("the task has {own} {unit}")));
    Some(finding.help("give the task at least as much as its containers request together"))
}

/// Settings of a health check that ECS does not take.
fn out_of_range(task: &TaskDefinition, container: &Container) -> Vec<Finding> {
    let Setting::Known(check, _) = &container.health_check else { return Vec::new() };
    let HealthCheck { interval, timeout, retries, start_period, .. } = check;
    let settings = [
        ("interval", interval, 5, 300),
        ("timeout", timeout, 2, 60),
        ("retries", retries, 1, 10),
        ("startPeriod", start_period, 0, 300),
    ];
    let wrong = settings.into_iter().filter_map(|(name, setting, least, most)| {
        let (value, from) = setting.found()?;
        if (least..=most).contains(value) {
            return None;
        }
        let whose = container.shown_name.as_str();
        let message = format!(
            "the health check of `{whose}` in `{}` sets `{name}` to {value}, but ECS allows {least} to {most}: AWS rejects the task definition",
            task.name
        );
        let label = format!("{least} to {most} are allowed");
        Some(Finding::new(message, Label::new(from.at, label)).help(format!("set `{name}` within that range")))
    });
    wrong.collect()
}

/// A task for Fargate without the role by which ECS fetches images and writes logs.
fn without_role(task: &TaskDefinition) -> Option<Finding> {
    if task.needs_fargate != Some(true) || task.execution_role.is_set() {
        return None;
    }
    let image =
        task.containers.iter().flat_map(|container| &container.images).find(|(image, _)| is_of_ecr(image));
    let log = task.containers.iter().find_map(|container| {
        let (log, from) = container.log.found()?;
        (log.driver.known()? == "awslogs").then_some(from.at)
    });
    let (at, why) = match (image, log) {
        (Some((_, at)), _) => (*at, "fetch images from ECR"),
        (None, Some(at)) => (at, "write to `awslogs`"),
        (None, None) => return None,
    };
    let message =
        format!("`{}` has no execution role, without which Fargate cannot {why}: AWS rejects it", task.name);
    let finding = Finding::new(message, Label::new(task.at, "no `execution_role_arn` is set"))
        .related(Label::new(at, "this needs the role"));
    Some(
        finding.help("set `execution_role_arn` to a role with the policy `AmazonECSTaskExecutionRolePolicy`"),
    )
}

fn is_of_ecr(image: &Text) -> bool {
    let is_repository =
        |origin: &Origin| matches!(origin, Origin::Cloud(name) if name.ends_with(".repository_url"));
    image.contains(".dkr.ecr.") || image.holes().any(|hole| is_repository(&hole.origin))
}

/// A service whose tasks have an address of their own, and which does not say where.
fn without_network(root: &AwsRoot, service: &Service) -> Option<Finding> {
    let task = service.task_definition.as_ref()?;
    let (mode, mode_from) = task.network_mode.found()?;
    // Who deploys in the place of ECS may say it with each deployment.
    let is_deployed_by_ecs = !matches!(service.rollout, Rollout::Other);
    if *mode != NetworkMode::AwsVpc
        || service.network != Setting::Unset
        || !is_deployed_by_ecs
        || root.terraform.is_none()
    {
        return None;
    }
    let message = format!(
        "`{}` has no `network_configuration`, which tasks with `awsvpc` need: AWS rejects the service",
        service.name
    );
    let finding = Finding::new(message, Label::new(service.at, "no subnets are set for the tasks"))
        .related(Label::new(mode_from.at, "with `awsvpc`, each task has its own network interface"));
    Some(finding.help("add a `network_configuration` block with `subnets` and `security_groups`"))
}
