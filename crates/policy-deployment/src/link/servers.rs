//! What listens in images and in services of compose files.

use policy_text::source::Sources;

use crate::model::built_image::BuiltImage;
use crate::model::compose_service::ComposeService;
use crate::server::{Given, server_of};

/// Says what listens in each image that is started as it is.
pub(super) fn of_images(images: &mut [BuiltImage], sources: &Sources<'_>) {
    for image in images {
        image.server = server_of(image, Given::nothing(), sources);
    }
}

/// Says what listens in each service whose image is known.
pub(super) fn of_services(services: &mut [ComposeService], built: &[BuiltImage], sources: &Sources<'_>) {
    for service in services {
        if let ([image], Some(start)) = (service.built(built).as_slice(), &service.start) {
            service.server = server_of(image, Given::by(start), sources);
        }
    }
}
