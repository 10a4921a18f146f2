//! What listens in images, in containers of ECS and in services of compose files.

use std::sync::Arc;

use policy_text::source::Sources;

use crate::model::AwsRoot;
use crate::model::built_image::BuiltImage;
use crate::model::compose_service::ComposeService;
use crate::model::image_link::own_image_of;
use crate::model::server::{Server, TaskServer};
use crate::model::task_definition::Container;
use crate::server::{Given, server_of};

/// Says what listens in each image that is started as it is.
pub(super) fn of_images(images: &mut [BuiltImage], sources: &Sources<'_>) {
    for image in images {
        image.server = server_of(image, Given::nothing(), sources);
    }
}

/// Says what listens in each container of a task definition whose image is known.
pub(super) fn of_containers(roots: &mut [AwsRoot], built: &[BuiltImage], sources: &Sources<'_>) {
    for root in roots {
        let mut servers = Vec::new();
        for task in &root.task_definitions {
            servers.extend(task.containers.iter().filter_map(|container| {
                let server = of_container(container, root, built, sources)?;
                Some(TaskServer { task: Arc::clone(&task.address), container: container.at, server })
            }));
        }
        root.servers = servers;
    }
}

fn of_container(
    container: &Container,
    root: &AwsRoot,
    built: &[BuiltImage],
    sources: &Sources<'_>,
) -> Option<Server> {
    server_of(own_image_of(container, root, built, sources)?, Given::of(container), sources)
}

/// Says what listens in each service whose image is known.
pub(super) fn of_services(services: &mut [ComposeService], built: &[BuiltImage], sources: &Sources<'_>) {
    for service in services {
        if let ([image], Some(start)) = (service.built(built).as_slice(), &service.start) {
            service.server = server_of(image, Given::by(start), sources);
        }
    }
}
