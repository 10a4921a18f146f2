//! Containers of ECS that run nginx, each with the configuration that it has there.

use super::AwsRoot;
use super::built_image::BuiltImage;
use super::nginx_image::{Configured, NginxImage};
use super::task_definition::{Container, TaskDefinition};

/// A container that runs nginx.
#[derive(Clone, Copy, Debug)]
pub struct Proxy<'d> {
    /// The task that it is part of.
    pub definition: &'d TaskDefinition,
    /// The container.
    pub container: &'d Container,
    /// What it runs.
    pub image: &'d BuiltImage,
    /// The configuration in the image.
    pub nginx: &'d NginxImage,
    /// The configuration with the variables of the container.
    pub configured: &'d Configured,
}

impl AwsRoot {
    /// The containers that run nginx of which the configuration is known. `built` are the images that are built here.
    pub fn proxies<'d>(&'d self, built: &'d [BuiltImage]) -> impl Iterator<Item = Proxy<'d>> {
        let containers = self.task_definitions.iter().flat_map(|definition| {
            definition.containers.iter().map(move |container| (&**definition, container))
        });
        containers.filter_map(|(definition, container)| {
            let Some(Ok(configured)) = &container.nginx else { return None };
            let image = container.image.only(built)?;
            Some(Proxy { definition, container, image, nginx: image.nginx.as_ref()?, configured })
        })
    }
}
