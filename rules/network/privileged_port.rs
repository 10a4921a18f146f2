//! A process without the rights of root listens on a port that needs them.

use policy_core::finding::{Finding, Label};
use policy_core::model::built_image::BuiltImage;
use policy_core::model::setting::Setting;
use policy_core::model::task_definition::Container;
use policy_core::rule::Context;
use policy_core::source::Span;

/// The first port that anyone may listen on.
const FIRST_FREE: u16 = 1024;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    context.each_root(|root| {
        // Docker lets everyone listen on every port; Fargate does not.
        let definitions = root.task_definitions.iter().filter(|definition| root.runs_on_fargate(definition));
        let containers = definitions.flat_map(|definition| definition.containers.iter());
        containers.filter_map(|container| refused(context, container)).collect()
    })
}

fn refused(context: &Context<'_>, container: &Container) -> Option<Finding> {
    let image = container.image.only(&context.deployment.built_images)?;
    let (user, user_at) = user(container, image)?;
    if image.stage.grants_capabilities || container.may_set_kernel {
        return None;
    }
    let (program, port, at) = privileged(container)?;
    let whose = container.shown_name.as_str();
    let message = format!(
        "{program} in `{whose}` listens on port {port} as the user `{user}`: on Fargate, only root can open ports below {FIRST_FREE}, so the container stops when it starts"
    );
    let finding = Finding::new(message, Label::new(at, format!("ports below {FIRST_FREE} need root")))
        .related(Label::new(user_at, format!("the container runs as `{user}`")));
    let runs = container.images.first().map(|(_, at)| *at);
    let finding = match runs {
        Some(at) => finding.related(Label::new(at, "Fargate runs the image in this container")),
        None => finding,
    };
    Some(finding.help("listen on a higher port, such as 8080, and use that port in the task definition, the service and the target group"))
}

/// The user that the container runs as, where that is not root for certain.
fn user(container: &Container, image: &BuiltImage) -> Option<(String, Span)> {
    let (user, at) = match &container.user {
        Setting::Known(user, from) => (user.clone(), from.at),
        Setting::Unset => {
            let (user, at) = image.stage.user.as_ref()?;
            (user.known()?.into_owned(), *at)
        }
        Setting::Unknown(..) => return None,
    };
    let name = user.split(':').next().unwrap_or_default();
    (!matches!(name, "" | "0" | "root")).then_some((user, at))
}

/// The program that listens on such a port, the port, and the place that says so.
fn privileged(container: &Container) -> Option<(&'static str, u16, Span)> {
    if let Some(configured) = &container.nginx {
        let configuration = &configured.as_ref().ok()?.configuration;
        let mut listens = configuration.listens().filter_map(|listen| Some((listen.port?, listen.at)));
        let (port, at) = listens.find(|(port, _)| *port < FIRST_FREE)?;
        return Some(("nginx", port, at));
    }
    let server = container.server.as_ref()?;
    let port = server.port.as_ref().filter(|port| port.value < FIRST_FREE)?;
    Some((server.program, port.value, port.at.unwrap_or(server.at)))
}
