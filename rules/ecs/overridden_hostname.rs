//! A server of Next.js binds to `$HOSTNAME`, and a health check requests it on localhost.

use policy_core::finding::{Finding, Label};
use policy_core::model::AwsRoot;
use policy_core::model::built_image::BuiltImage;
use policy_core::model::probe::Asked;
use policy_core::model::task_definition::{Container, NetworkMode, TaskDefinition};
use policy_core::rule::Context;
use policy_core::source::Span;

/// The variable that it binds to.
const HOSTNAME: &str = "HOSTNAME";

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        let tasks = root.task_definitions.iter();
        let containers =
            tasks.flat_map(|task| task.containers.iter().map(move |container| (task, container)));
        containers.filter_map(|(task, container)| unheard(context, root, task, container)).collect()
    })
}

fn unheard(
    context: &Context<'_>,
    root: &AwsRoot,
    task: &TaskDefinition,
    container: &Container,
) -> Option<Finding> {
    let (check, _) = container.health_check.found()?;
    let asked = check.probe.asks.iter().find(|asked| is_loopback(asked))?;
    if !check.probe.asks.iter().all(is_loopback)
        || container.environment.more
        || container.environment.get(HOSTNAME).is_some()
        || container.command.is_set()
        || container.entry_point.is_set()
    {
        return None;
    }
    let image = container.image.only(&context.deployment.built_images)?;
    let (brought, started) = next_server(image)?;
    // Docker leaves the variable to the image that sets it; Fargate does not.
    let is_overridden = root.runs_on_fargate(task)
        || task.network_mode.known() == Some(&NetworkMode::AwsVpc)
            && !image.stage.environment.contains_key(HOSTNAME);
    if !is_overridden {
        return None;
    }
    let whose = container.shown_name.as_str();
    let message = format!(
        "the health check of `{whose}` requests `{}`, but ECS sets `$HOSTNAME` to the name of the task, and the Next.js server listens only there: the check fails, and ECS keeps replacing the task",
        asked.host
    );
    let finding = Finding::new(message, Label::new(asked.host_at, "nothing listens at this address"))
        .related(Label::new(started, "this server binds to `$HOSTNAME`"))
        .related(Label::new(brought, "this copies the server that Next.js built"));
    Some(finding.help("set `HOSTNAME` to `0.0.0.0` in the `environment` of the container; the value that the image sets does not count"))
}

fn is_loopback(asked: &Asked) -> bool {
    matches!(asked.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
}

/// Where the image gets the server that Next.js makes, and where it starts it as it is.
fn next_server(image: &BuiltImage) -> Option<(Span, Span)> {
    let brought = image.stage.next_server?;
    let start = image.stage.command.as_ref().filter(|_| image.stage.entry_point.is_none())?;
    let words: Vec<String> = start.words.iter().map(|(word, _)| word.to_string()).collect();
    let words = words.join(" ");
    let is_server = matches!(words.split_whitespace().collect::<Vec<_>>().as_slice(), ["node", script] if script.ends_with("server.js"));
    is_server.then_some((brought, start.at))
}
