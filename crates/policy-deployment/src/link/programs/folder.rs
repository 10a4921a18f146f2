//! The image that a container runs by its name alone: the one of the folder, or of the service of compose, that is called like it.

use policy_docker::asker::Asker;
use policy_docker::image::Reference;
use policy_text::source::Sources;

use crate::image_match::may_be_called;
use crate::model::built_image::BuiltImage;
use crate::model::task_definition::Container;

/// Words of names that tell no program from another.
const NOISE: [&str; 8] = ["service", "svc", "container", "app", "tg", "ecs", "image", "task"];

/// The image of `images` that is built in a folder or as a service called like `container`, where that is one and neither its
/// ports nor its names say otherwise.
pub(super) fn image_of<'d>(
    container: &Container,
    images: &[&'d BuiltImage],
    sources: &Sources<'_>,
) -> Option<&'d BuiltImage> {
    let may_run = |image: &&BuiltImage| {
        let mut written = container.images.iter();
        may_open(container, image) && written.all(|(written, _)| may_be_called(image, written))
    };
    let able: Vec<&BuiltImage> = images.iter().copied().filter(may_run).collect();
    image_called(&container.called.as_ref()?.known_suffix(), &able, sources)
}

/// The image of `images` that is built in a folder called `name`, where that is one. Of several, the one with such a name.
/// Where there is none, the one of the service of compose that is called so.
pub(super) fn image_called<'d>(
    name: &str,
    images: &[&'d BuiltImage],
    sources: &Sources<'_>,
) -> Option<&'d BuiltImage> {
    let name = words(name);
    let is_meant = |image: &&&BuiltImage| {
        let own = sources.folder_of(image.dockerfile.file());
        [&image.context, &own].iter().any(|folder| {
            let folder = words(folder.file_name());
            !folder.is_empty() && name.ends_with(&folder)
        })
    };
    let meant: Vec<&BuiltImage> = images.iter().filter(is_meant).copied().collect();
    if meant.is_empty() {
        let is_service = |image: &&&BuiltImage| match &image.asked_by {
            Some((_, Asker::Service(service))) => !name.is_empty() && words(service) == name,
            _ => false,
        };
        return only(images.iter().filter(is_service).copied().collect(), sources);
    }
    let has_name = |image: &&BuiltImage| {
        let own = image.names.iter().filter_map(Reference::parse);
        own.map(|own| words(&own.repository().known_suffix())).any(|own| own.ends_with(&name))
    };
    only(meant.clone(), sources).or_else(|| only(meant.into_iter().filter(has_name).collect(), sources))
}

/// The image that all of these are. Those that production runs less likely are left out where there are others: what is for
/// development, what nothing builds, what a Dockerfile of another name than the usual one is for.
pub(super) fn only<'d>(mut images: Vec<&'d BuiltImage>, sources: &Sources<'_>) -> Option<&'d BuiltImage> {
    let serves_users = |image: &BuiltImage| !image.is_for_development(sources);
    let is_asked_for = |image: &BuiltImage| image.asked_by.is_some();
    // Where they have names, those tell what each is for.
    let are_named = images.iter().any(|image| !image.names.is_empty());
    let is_usual =
        |image: &BuiltImage| !are_named && sources.path(image.dockerfile.file()).file_name() == "Dockerfile";
    for is_likelier in [&serves_users as &dyn Fn(&BuiltImage) -> bool, &is_asked_for, &is_usual] {
        if images.iter().any(|image| is_likelier(image)) {
            images.retain(|image| is_likelier(image));
        }
    }
    let (first, others) = images.split_first()?;
    others.iter().all(|other| other.dockerfile == first.dockerfile).then_some(*first)
}

/// Whether the image may open a port that the container maps: one of both says nothing, or they agree.
fn may_open(container: &Container, image: &BuiltImage) -> bool {
    let exposed: Vec<i64> =
        image.stage.exposed.iter().filter_map(|(port, _)| port.known()?.parse().ok()).collect();
    let mapped: Vec<i64> =
        container.ports.iter().filter_map(|port| port.container.known().copied()).collect();
    exposed.is_empty() || mapped.is_empty() || mapped.iter().any(|port| exposed.contains(port))
}

fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    parts.filter(|word| !word.is_empty() && !NOISE.contains(&word.as_str())).collect()
}
