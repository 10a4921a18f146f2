//! Containers of ECS that run nginx, each with the configuration that it has there.

use policy_text::source::{Sources, Span};
use policy_text::value::Text;

use super::AwsRoot;
use super::built_image::BuiltImage;
use super::image_link::{ImageLink, image_of};
use super::nginx_image::{Configured, NginxImage, variables};
use super::setting::Setting;
use super::task_definition::{Container, TaskDefinition, Words};

/// A container that runs nginx.
#[derive(Debug)]
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
    pub configured: Configured,
}

/// A container that runs nginx, of which it cannot be told how.
#[derive(Debug)]
pub struct UnreadProxy {
    /// The container's image.
    pub at: Span,
    /// The container's name.
    pub name: String,
    /// Why.
    pub why: String,
}

/// The containers of `root` that run nginx, and those of which it cannot be told how.
pub fn proxies<'d>(
    root: &'d AwsRoot,
    built: &'d [BuiltImage],
    sources: &Sources<'_>,
) -> (Vec<Proxy<'d>>, Vec<UnreadProxy>) {
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    if built.iter().all(|image| image.nginx.is_none()) {
        return (read, unread);
    }
    for definition in &root.task_definitions {
        for container in &definition.containers {
            match proxy(definition, container, root, built, sources) {
                Ok(proxy) => read.extend(proxy),
                Err(why) => unread.push(UnreadProxy {
                    at: container.images.first().map_or(container.at, |(_, at)| *at),
                    name: container.name.known().cloned().unwrap_or_else(|| "a container".to_owned()),
                    why: why.to_owned(),
                }),
            }
        }
    }
    (read, unread)
}

/// `None` where the container runs no nginx that is built here.
fn proxy<'d>(
    definition: &'d TaskDefinition,
    container: &'d Container,
    root: &AwsRoot,
    built: &'d [BuiltImage],
    sources: &Sources<'_>,
) -> Result<Option<Proxy<'d>>, &'static str> {
    let ImageLink::Built(images) = image_of(container, root, built, sources) else { return Ok(None) };
    if images.iter().all(|image| image.nginx.is_none()) {
        return Ok(None);
    }
    let [image] = images.as_slice() else { return Err("several builds may be its image") };
    let Some(nginx) = &image.nginx else { return Ok(None) };
    if nginx.doubt.is_some() {
        return Err("something changes the configuration of its image in a way that is not known");
    }
    if !starts_nginx(&container.command) || container.entry_point.is_set() {
        return Err("the task starts it with a command of its own");
    }
    let configured = nginx.configured(&variables(&image.stage, Some(&container.environment)));
    if !configured.configuration.gaps.is_empty() {
        return Err("its configuration includes what is not known");
    }
    Ok(Some(Proxy { definition, container, image, nginx, configured }))
}

fn starts_nginx(command: &Setting<Words>) -> bool {
    match command {
        Setting::Unset => true,
        Setting::Known(words, _) => {
            words.is_empty()
                || words
                    .first()
                    .is_some_and(|(word, _): &(Text, Span)| word.known().as_deref() == Some("nginx"))
        }
        Setting::Unknown(..) => false,
    }
}
